use std::sync::Arc;

use keelson_application::user::{UpdateUser, UserError, Users};
use keelson_domain::user::UserId;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::dto::{GroupDto, UserDto, UserList, UserPage, UserUpdateForm};
use super::error::UserResult;
use super::permissions::UserPermissions;
use super::query::user_query;
use crate::body::Body;
use crate::caller::Admin;
use crate::error::ApiError;
use crate::raw::Never;

pub(super) struct UserAdminApi {
    pub(super) users: Arc<Users>,
}

#[OpenApi(prefix_path = "/api/v1/users", tag = "Tag::Users")]
impl UserAdminApi {
    /// Lists a page of the accounts, with the groups that each is in.
    #[oai(path = "/", method = "get", operation_id = "users_list")]
    async fn list(
        &self,
        caller: Admin,
        /// Text in the name or the e-mail address.
        query: Query<Option<String>>,
        /// `name`, `email`, `created_at` (the default), `last_active_at`, `updated_at` or `role`.
        order_by: Query<Option<String>>,
        /// `asc` or `desc` (the default).
        direction: Query<Option<String>>,
        /// The page, from 1.
        page: Query<Option<i64>>,
    ) -> UserResult<Json<UserPage>> {
        let query = user_query(query.0, order_by.0.as_deref(), direction.0.as_deref());
        let page = page.0.unwrap_or(1);
        let (users, total) = self.users.page(&caller.0, page, query).await?;
        Ok(Json(UserPage::new(&users, total)))
    }

    /// Lists all accounts in short.
    #[oai(path = "/all", method = "get", operation_id = "users_list_all")]
    async fn list_all(&self, caller: Admin) -> UserResult<Json<UserList>> {
        Ok(Json((&self.users.all(&caller.0).await?).into()))
    }

    /// Lists the groups that an account is in.
    #[oai(path = "/:user_id/groups", method = "get", operation_id = "users_list_groups")]
    async fn list_groups(
        &self,
        caller: Admin,
        /// The account.
        user_id: Path<String>,
    ) -> UserResult<Json<Vec<GroupDto>>> {
        let groups = self.users.groups(&caller.0, &UserId::new(user_id.0)).await?;
        Ok(Json(groups.iter().map(GroupDto::from).collect()))
    }

    /// Lists the sessions of an account with sign-in providers.
    ///
    /// No sign-in provider can be configured, so that no account has such a session, which is answered with 400.
    #[oai(
        path = "/:user_id/oauth/sessions",
        method = "get",
        operation_id = "users_list_oauth_sessions"
    )]
    async fn list_oauth_sessions(
        &self,
        caller: Admin,
        /// The account.
        user_id: Path<String>,
    ) -> UserResult<Never> {
        self.users.get(&caller.0, &UserId::new(user_id.0)).await?;
        let none = "This user has no session with a sign-in provider.";
        Err(ApiError::bad_request(none).into())
    }

    /// Changes an account.
    #[oai(path = "/:user_id/update", method = "post", operation_id = "users_update")]
    async fn update(
        &self,
        caller: Admin,
        /// The account.
        user_id: Path<String>,
        form: Body<UserUpdateForm>,
    ) -> UserResult<Json<UserDto>> {
        let command = UpdateUser::try_from(form.0).map_err(UserError::from)?;
        let id = UserId::new(user_id.0);
        let user = self.users.update(&caller.0, &id, command).await?;
        Ok(Json((&user).into()))
    }

    /// Deletes an account with what belongs to it.
    #[oai(path = "/:user_id", method = "delete", operation_id = "users_delete")]
    async fn delete(
        &self,
        caller: Admin,
        /// The account.
        user_id: Path<String>,
    ) -> UserResult<Json<bool>> {
        self.users.delete(&caller.0, &UserId::new(user_id.0)).await?;
        Ok(Json(true))
    }

    /// Reads the default permissions.
    #[oai(
        path = "/default/permissions",
        method = "get",
        operation_id = "users_get_default_permissions"
    )]
    async fn get_default_permissions(&self, caller: Admin) -> UserResult<Json<UserPermissions>> {
        let stored = self.users.default_permissions(&caller.0).await?;
        Ok(Json(stored_permissions(&stored)?))
    }

    /// Replaces the default permissions.
    #[oai(
        path = "/default/permissions",
        method = "post",
        operation_id = "users_set_default_permissions"
    )]
    async fn set_default_permissions(
        &self,
        caller: Admin,
        form: Body<UserPermissions>,
    ) -> UserResult<Json<UserPermissions>> {
        let permissions = form.0.into_stored();
        let stored = self.users.set_default_permissions(&caller.0, permissions).await?;
        Ok(Json(stored_permissions(&stored)?))
    }
}

fn stored_permissions(stored: &serde_json::Value) -> UserResult<UserPermissions> {
    Ok(UserPermissions::from_stored(stored).map_err(|error| ApiError::unexpected(&error))?)
}
