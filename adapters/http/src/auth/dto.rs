use keelson_application::auth::Session;
use keelson_domain::access::Permissions;
use keelson_domain::user::User;
use poem_openapi::Object;
use serde_json::{Value, json};

/// Signing in.
#[derive(Object)]
pub(super) struct SigninForm {
    pub(super) email: String,
    pub(super) password: String,
}

/// Signing up.
#[derive(Object)]
pub(super) struct SignupForm {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) profile_image_url: Option<String>,
}

/// An admin makes an account.
#[derive(Object)]
pub(super) struct AddUserForm {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) password: String,
    pub(super) profile_image_url: Option<String>,
    pub(super) role: Option<String>,
}

/// What a user says of themselves.
#[derive(Object)]
pub(super) struct UpdateProfileForm {
    pub(super) profile_image_url: String,
    pub(super) name: String,
    pub(super) bio: Option<String>,
    pub(super) gender: Option<String>,
    /// `YYYY-MM-DD`.
    pub(super) date_of_birth: Option<String>,
}

/// A change of password.
#[derive(Object)]
pub(super) struct UpdatePasswordForm {
    pub(super) password: String,
    pub(super) new_password: String,
}

/// Signing in against a directory.
#[derive(Object)]
pub(super) struct LdapForm {
    pub(super) user: String,
    pub(super) password: String,
}

/// Picture of those who chose none.
pub(super) const DEFAULT_IMAGE: &str = "/user.png";

/// The fields that every answer about a session has.
pub(super) fn session(session: &Session) -> Value {
    let user = &session.user;
    json!({
        "token": session.token,
        "token_type": "Bearer",
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "profile_image_url": user.profile_image_url,
    })
}

/// A session with its end and what its owner may do.
pub(super) fn full_session(opened: &Session, permissions: &Permissions) -> Value {
    let mut answer = session(opened);
    answer["expires_at"] = json!(opened.expires_at);
    answer["permissions"] = permissions.as_json().clone();
    answer
}

/// The signed-in user, as the front end asks for it on every page.
pub(super) fn session_user(
    user: &User,
    token: &str,
    expires_at: Option<i64>,
    permissions: &Permissions,
) -> Value {
    json!({
        "token": token,
        "token_type": "Bearer",
        "expires_at": expires_at,
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "profile_image_url": user.profile_image_url,
        "bio": user.bio,
        "gender": user.gender,
        "date_of_birth": user.date_of_birth,
        "status_emoji": user.status_emoji,
        "status_message": user.status_message,
        "status_expires_at": user.status_expires_at,
        "permissions": permissions.as_json(),
    })
}
