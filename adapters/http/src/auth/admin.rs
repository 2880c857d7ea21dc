use std::sync::Arc;

use keelson_application::auth::{AddUser, Auth, AuthError};
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{AddUserForm, AdminDetails, SigninResponse};
use super::error::AuthResult;
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser};

pub(super) struct AuthAdminApi {
    pub(super) auth: Arc<Auth>,
}

#[OpenApi(prefix_path = "/api/v1/auths", tag = "Tag::Auths")]
impl AuthAdminApi {
    /// Creates an account for someone, and a session of its owner.
    #[oai(path = "/add", method = "post", operation_id = "auths_add_user")]
    async fn add_user(&self, caller: Admin, form: Body<AddUserForm>) -> AuthResult<Json<SigninResponse>> {
        let command = AddUser::try_from(form.0).map_err(AuthError::from)?;
        let session = self.auth.add_user(&caller.0, command).await?;
        Ok(Json((&session).into()))
    }

    /// Reads the name and the e-mail address of the administrator to contact.
    #[oai(
        path = "/admin/details",
        method = "get",
        operation_id = "auths_get_admin_details"
    )]
    async fn get_admin_details(&self, caller: VerifiedUser) -> AuthResult<Json<AdminDetails>> {
        let (name, email) = self.auth.admin_details(&caller.0).await?;
        Ok(Json(AdminDetails {
            name: name.into(),
            email: email.into(),
        }))
    }
}
