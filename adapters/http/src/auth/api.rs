use std::sync::Arc;

use keelson_application::auth::{Auth, ChangePassword, Proof, Session, SignIn, SignUp, UpdateProfile};
use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::payload::{Json, Response};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::cookies;
use super::dto::{self, LdapForm, SigninForm, SignupForm, UpdatePasswordForm, UpdateProfileForm};
use crate::body::Body;
use crate::caller::{AnyCaller, VerifiedUser, credential};
use crate::error::{ApiError, ApiResult, Place, ValidationError};

/// Operations of those who sign in.
pub struct AuthApi {
    /// The use cases.
    pub auth: Arc<Auth>,
}

#[OpenApi]
impl AuthApi {
    /// The signed-in user; sets the cookie anew.
    #[oai(path = "/api/v1/auths/", method = "get")]
    async fn session_user(&self, caller: AnyCaller, request: &Request) -> ApiResult<Response<Json<Value>>> {
        let token = credential(request).unwrap_or_default();
        let expires_at = self.auth.expiry(&token);
        let permissions = self.auth.permissions(&caller.0.user).await?;
        let answer = Response::new(Json(dto::session_user(
            &caller.0.user,
            &token,
            expires_at,
            &permissions,
        )));
        if token.starts_with("sk-") {
            return Ok(answer);
        }
        Ok(answer.header(
            "set-cookie",
            cookies::token(&self.auth.deployment().auth, &token, expires_at),
        ))
    }

    /// Signs in.
    #[oai(path = "/api/v1/auths/signin", method = "post")]
    async fn sign_in(&self, request: &Request, body: Body<SigninForm>) -> ApiResult<Response<Json<Value>>> {
        let proof = self
            .trusted(request)
            .unwrap_or(Proof::Password(SecretString::from(body.0.password)));
        let session = self
            .auth
            .sign_in(SignIn {
                email: body.0.email,
                proof,
            })
            .await?;
        self.opened(&session).await
    }

    /// Signs up.
    #[oai(path = "/api/v1/auths/signup", method = "post")]
    async fn sign_up(&self, body: Body<SignupForm>) -> ApiResult<Response<Json<Value>>> {
        let form = body.0;
        let command = SignUp {
            name: form.name,
            email: form.email,
            password: SecretString::from(form.password),
            profile_image_url: form
                .profile_image_url
                .unwrap_or_else(|| dto::DEFAULT_IMAGE.to_owned()),
        };
        let session = self.auth.sign_up(command).await?;
        self.opened(&session).await
    }

    /// Signs in against a directory: not part of this version, answered as when it is switched off.
    #[oai(path = "/api/v1/auths/ldap", method = "post")]
    async fn ldap(&self, body: Body<LdapForm>) -> ApiResult<Json<Value>> {
        let LdapForm { user: _, password: _ } = body.0;
        Err(ApiError::bad_request(
            "Signing in against a directory (LDAP) is not available in this version.",
        ))
    }

    /// Signs out: revokes the token and takes the cookies back.
    #[oai(path = "/api/v1/auths/signout", method = "get")]
    async fn sign_out(&self, request: &Request) -> ApiResult<Response<Json<Value>>> {
        if let Some(token) = credential(request) {
            self.auth.sign_out(&token).await?;
        }
        let body = match &self.auth.deployment().auth.signout_redirect_url {
            Some(url) => json!({"status": true, "redirect_url": url}),
            None => json!({"status": true}),
        };
        Ok(
            cookies::expired().fold(Response::new(Json(body)), |answer, cookie| {
                answer.header("set-cookie", cookie)
            }),
        )
    }

    /// Changes one's profile.
    #[oai(path = "/api/v1/auths/update/profile", method = "post")]
    async fn update_profile(
        &self,
        caller: VerifiedUser,
        body: Body<UpdateProfileForm>,
    ) -> ApiResult<Json<Value>> {
        let form = body.0;
        if form
            .date_of_birth
            .as_ref()
            .is_some_and(|date| date.parse::<chrono::NaiveDate>().is_err())
        {
            return Err(ApiError::unprocessable(&[ValidationError::new(
                "date_from_datetime_parsing",
                vec![Place::from("body"), Place::from("date_of_birth")],
                "Input should be a valid date",
                json!(form.date_of_birth),
            )]));
        }
        let command = UpdateProfile {
            name: form.name,
            profile_image_url: form.profile_image_url,
            bio: form.bio,
            gender: form.gender,
            date_of_birth: form.date_of_birth,
        };
        let user = self.auth.update_profile(&caller.0, command).await?;
        Ok(Json(json!({
            "id": user.id, "name": user.name, "role": user.role, "email": user.email,
            "profile_image_url": user.profile_image_url,
        })))
    }

    /// Changes one's password.
    #[oai(path = "/api/v1/auths/update/password", method = "post")]
    async fn update_password(
        &self,
        caller: VerifiedUser,
        body: Body<UpdatePasswordForm>,
    ) -> ApiResult<Json<bool>> {
        let command = ChangePassword {
            current: SecretString::from(body.0.password),
            new: SecretString::from(body.0.new_password),
        };
        self.auth.change_password(&caller.0, command).await?;
        Ok(Json(true))
    }

    /// One's API key.
    #[oai(path = "/api/v1/auths/api_key", method = "get")]
    async fn api_key(&self, caller: AnyCaller) -> ApiResult<Json<Value>> {
        Ok(Json(json!({"api_key": self.auth.api_key(&caller.0).await?})))
    }

    /// Makes a new API key; the old one is gone.
    #[oai(path = "/api/v1/auths/api_key", method = "post")]
    async fn create_api_key(&self, caller: VerifiedUser) -> ApiResult<Json<Value>> {
        Ok(Json(
            json!({"api_key": self.auth.create_api_key(&caller.0).await?}),
        ))
    }

    /// Deletes one's API key.
    #[oai(path = "/api/v1/auths/api_key", method = "delete")]
    async fn delete_api_key(&self, caller: AnyCaller) -> ApiResult<Json<bool>> {
        self.auth.delete_api_key(&caller.0).await?;
        Ok(Json(true))
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

    async fn opened(&self, session: &Session) -> ApiResult<Response<Json<Value>>> {
        let permissions = self.auth.permissions(&session.user).await?;
        let cookie = cookies::token(&self.auth.deployment().auth, &session.token, session.expires_at);
        Ok(Response::new(Json(dto::full_session(session, &permissions))).header("set-cookie", cookie))
    }
}
