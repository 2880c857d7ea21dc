use std::sync::Arc;

use keelson_application::auth::{Auth, Proof, Session, SignIn};
use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::payload::{Json, Response};
use secrecy::SecretString;
use serde_json::json;

use super::Tag;
use super::cookies;
use super::dto::{
    ApiKey, LdapForm, ProfileDto, SessionUserInfoResponse, SessionUserResponse, SignOutResponse, SigninForm,
    SignupForm, UpdatePasswordForm, UpdateProfileForm,
};
use super::error::AuthResult;
use crate::body::Body;
use crate::caller::{AnyCaller, VerifiedUser, credential};
use crate::error::{ApiError, Place, ValidationError};

pub(super) struct AuthApi {
    pub(super) auth: Arc<Auth>,
}

#[OpenApi(prefix_path = "/api/v1/auths", tag = "Tag::Auths")]
impl AuthApi {
    /// Reads the signed-in user, and sets the cookie of the session anew.
    #[oai(path = "/", method = "get", operation_id = "auths_get_session")]
    async fn get_session(
        &self,
        caller: AnyCaller,
        request: &Request,
    ) -> AuthResult<Response<Json<SessionUserInfoResponse>>> {
        let token = credential(request).unwrap_or_default();
        let (user, expires_at) = (&caller.0.user, self.auth.expiry(&token));
        let permissions = self.auth.permissions(user).await?;
        let session = SessionUserInfoResponse::new(user, &token, expires_at, &permissions);
        let answer = Response::new(Json(session));
        if token.starts_with("sk-") {
            return Ok(answer);
        }
        let cookie = cookies::token(&self.auth.deployment().auth, &token, expires_at);
        Ok(answer.header("set-cookie", cookie))
    }

    /// Signs in with e-mail address and password, or as the user whom a trusted proxy names.
    #[oai(path = "/signin", method = "post", operation_id = "auths_sign_in")]
    async fn sign_in(
        &self,
        request: &Request,
        form: Body<SigninForm>,
    ) -> AuthResult<Response<Json<SessionUserResponse>>> {
        let SigninForm { email, password } = form.0;
        let proof = self.trusted(request);
        let proof = proof.unwrap_or_else(|| Proof::Password(SecretString::from(password)));
        let session = self.auth.sign_in(SignIn { email, proof }).await?;
        self.with_cookie(&session).await
    }

    /// Creates an account for oneself and signs in.
    #[oai(path = "/signup", method = "post", operation_id = "auths_sign_up")]
    async fn sign_up(&self, form: Body<SignupForm>) -> AuthResult<Response<Json<SessionUserResponse>>> {
        let session = self.auth.sign_up(form.0.into()).await?;
        self.with_cookie(&session).await
    }

    /// Signs in against a directory (LDAP).
    ///
    /// This server asks no directory: it always answers 400, as one does where LDAP is switched off.
    #[oai(path = "/ldap", method = "post", operation_id = "auths_sign_in_ldap")]
    async fn sign_in_ldap(&self, form: Body<LdapForm>) -> AuthResult<Json<SessionUserResponse>> {
        let LdapForm { user, password: _ } = form.0;
        self.auth.count_directory_try(&user).await?;
        let reason = "Signing in against a directory (LDAP) is not available in this version.";
        Err(ApiError::bad_request(reason).into())
    }

    /// Signs out: revokes the token and deletes the cookies.
    #[oai(path = "/signout", method = "get", operation_id = "auths_sign_out")]
    async fn sign_out(&self, request: &Request) -> AuthResult<Response<Json<SignOutResponse>>> {
        if let Some(token) = credential(request) {
            self.auth.sign_out(&token).await?;
        }
        let answer = Response::new(Json(SignOutResponse {
            status: true,
            redirect_url: self.auth.deployment().auth.signout_redirect_url.clone(),
        }));
        Ok(cookies::expired().fold(answer, |answer, cookie| answer.header("set-cookie", cookie)))
    }

    /// Changes the caller's profile.
    #[oai(
        path = "/update/profile",
        method = "post",
        operation_id = "auths_update_profile"
    )]
    async fn update_profile(
        &self,
        caller: VerifiedUser,
        form: Body<UpdateProfileForm>,
    ) -> AuthResult<Json<ProfileDto>> {
        check_date(form.0.date_of_birth.as_deref())?;
        let user = self.auth.update_profile(&caller.0, form.0.into()).await?;
        Ok(Json((&user).into()))
    }

    /// Changes the caller's password.
    #[oai(
        path = "/update/password",
        method = "post",
        operation_id = "auths_update_password"
    )]
    async fn update_password(
        &self,
        caller: VerifiedUser,
        form: Body<UpdatePasswordForm>,
    ) -> AuthResult<Json<bool>> {
        self.auth.change_password(&caller.0, form.0.into()).await?;
        Ok(Json(true))
    }

    /// Reads the caller's API key.
    #[oai(path = "/api_key", method = "get", operation_id = "auths_get_api_key")]
    async fn get_api_key(&self, caller: AnyCaller) -> AuthResult<Json<ApiKey>> {
        let api_key = self.auth.api_key(&caller.0).await?;
        Ok(Json(ApiKey { api_key }))
    }

    /// Creates an API key for the caller; the old one is deleted.
    #[oai(path = "/api_key", method = "post", operation_id = "auths_create_api_key")]
    async fn create_api_key(&self, caller: VerifiedUser) -> AuthResult<Json<ApiKey>> {
        let api_key = self.auth.create_api_key(&caller.0).await?;
        Ok(Json(ApiKey { api_key }))
    }

    /// Deletes the caller's API key.
    #[oai(path = "/api_key", method = "delete", operation_id = "auths_delete_api_key")]
    async fn delete_api_key(&self, caller: AnyCaller) -> AuthResult<Json<bool>> {
        self.auth.delete_api_key(&caller.0).await?;
        Ok(Json(true))
    }
}

/// Refuses what is no date as the reference does, with 422.
fn check_date(date: Option<&str>) -> Result<(), ApiError> {
    match date.map(str::parse::<chrono::NaiveDate>) {
        Some(Err(_)) => Err(ApiError::unprocessable(&[ValidationError::new(
            "date_from_datetime_parsing",
            vec![Place::from("body"), Place::from("date_of_birth")],
            "Input should be a valid date",
            json!(date),
        )])),
        _ => Ok(()),
    }
}

impl AuthApi {
    /// The proof that a trusted proxy set, where one is configured.
    fn trusted(&self, request: &Request) -> Option<Proof> {
        let auth = &self.auth.deployment().auth;
        let header = |name: &Option<String>| request.header(name.as_deref()?).map(str::to_owned);
        auth.trusted_email_header.as_ref()?;
        let name = header(&auth.trusted_name_header).map(|name| {
            percent_encoding::percent_decode_str(&name)
                .decode_utf8_lossy()
                .into_owned()
        });
        let groups = header(&auth.trusted_groups_header).unwrap_or_default();
        Some(Proof::Trusted {
            email: header(&auth.trusted_email_header),
            name,
            groups: groups
                .split(',')
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
        })
    }

    async fn with_cookie(&self, session: &Session) -> AuthResult<Response<Json<SessionUserResponse>>> {
        let permissions = self.auth.permissions(&session.user).await?;
        let cookie = cookies::token(&self.auth.deployment().auth, &session.token, session.expires_at);
        let answer = Response::new(Json(SessionUserResponse::new(session, &permissions)));
        Ok(answer.header("set-cookie", cookie))
    }
}
