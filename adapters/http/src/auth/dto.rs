use keelson_application::auth::{AddUser, ChangePassword, Session, SignUp, UpdateProfile};
use keelson_domain::access::Permissions;
use keelson_domain::user::{Role, UnknownRole, User};
use poem_openapi::Object;
use secrecy::SecretString;

use crate::json::{Free, Nullable};
use crate::user::EffectivePermissions;

/// The picture of accounts that have none of their own.
const DEFAULT_IMAGE: &str = "/user.png";
/// How the token is to be sent.
const TOKEN_TYPE: &str = "Bearer";

/// What someone signs in with.
#[derive(Object)]
pub(super) struct SigninForm {
    /// E-mail address.
    #[oai(validator(max_length = 320))]
    pub(super) email: String,
    /// Password.
    pub(super) password: String,
}

/// An account to be made for oneself.
#[derive(Object)]
pub(super) struct SignupForm {
    /// Display name.
    #[oai(validator(max_length = 1000))]
    name: String,
    /// E-mail address.
    #[oai(validator(max_length = 320))]
    email: String,
    /// Password.
    password: String,
    /// A path, a web address or a data URL.
    profile_image_url: Option<String>,
}

impl From<SignupForm> for SignUp {
    fn from(form: SignupForm) -> Self {
        Self {
            name: form.name,
            email: form.email,
            password: SecretString::from(form.password),
            profile_image_url: form.profile_image_url.unwrap_or_else(|| DEFAULT_IMAGE.to_owned()),
        }
    }
}

/// An account that an administrator makes for someone.
#[derive(Object)]
pub(super) struct AddUserForm {
    /// Display name.
    #[oai(validator(max_length = 1000))]
    name: String,
    /// E-mail address.
    #[oai(validator(max_length = 320))]
    email: String,
    /// Password.
    password: String,
    /// A path, a web address or a data URL.
    #[oai(validator(max_length = 1048576))]
    profile_image_url: Option<String>,
    /// `admin`, `user` or `pending` (the default).
    role: Option<String>,
}

impl TryFrom<AddUserForm> for AddUser {
    type Error = UnknownRole;

    fn try_from(form: AddUserForm) -> Result<Self, UnknownRole> {
        let role = form.role.map_or(Ok(Role::Pending), |role| role.parse())?;
        let account = SignupForm {
            name: form.name,
            email: form.email,
            password: form.password,
            profile_image_url: form.profile_image_url,
        };
        Ok(Self {
            account: account.into(),
            role,
        })
    }
}

/// What a user says of themselves.
#[derive(Object)]
pub(super) struct UpdateProfileForm {
    /// A path, a web address or a data URL.
    #[oai(validator(max_length = 1048576))]
    profile_image_url: String,
    /// Display name.
    #[oai(validator(max_length = 1000))]
    name: String,
    /// A text; left out, it stays.
    bio: Option<String>,
    /// Free text; left out, it stays.
    gender: Option<String>,
    /// `YYYY-MM-DD`; left out, it stays.
    pub(super) date_of_birth: Option<String>,
}

impl From<UpdateProfileForm> for UpdateProfile {
    fn from(form: UpdateProfileForm) -> Self {
        Self {
            name: form.name,
            profile_image_url: form.profile_image_url,
            bio: form.bio,
            gender: form.gender,
            date_of_birth: form.date_of_birth,
        }
    }
}

/// A change of password.
#[derive(Object)]
pub(super) struct UpdatePasswordForm {
    /// The current one.
    password: String,
    /// The new one.
    new_password: String,
}

impl From<UpdatePasswordForm> for ChangePassword {
    fn from(form: UpdatePasswordForm) -> Self {
        Self {
            current: SecretString::from(form.password),
            new: SecretString::from(form.new_password),
        }
    }
}

/// What someone signs in against a directory with.
#[derive(Object)]
pub(super) struct LdapForm {
    /// Name in the directory.
    pub(super) user: String,
    /// Password in the directory.
    pub(super) password: String,
}

/// A session: a token, and whose it is.
#[derive(Object)]
pub(super) struct SigninResponse {
    /// The token, for the header `Authorization` or the cookie `token`.
    token: String,
    /// How the token is to be sent: `Bearer`.
    token_type: String,
    /// The account.
    id: String,
    /// E-mail address.
    email: String,
    /// Display name.
    name: String,
    /// `admin`, `user` or `pending`.
    role: String,
    /// A path, a web address or a data URL.
    profile_image_url: String,
}

impl From<&Session> for SigninResponse {
    fn from(session: &Session) -> Self {
        let user = &session.user;
        Self {
            token: session.token.clone(),
            token_type: TOKEN_TYPE.to_owned(),
            id: user.id.to_string(),
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role.as_str().to_owned(),
            profile_image_url: user.profile_image_url.clone(),
        }
    }
}

/// A session with its end and what its owner may do.
#[derive(Object)]
pub(super) struct SessionUserResponse {
    #[oai(flatten)]
    session: SigninResponse,
    /// When the token ends, in seconds since 1970; null for never.
    expires_at: Nullable<i64>,
    permissions: Free<EffectivePermissions>,
}

impl SessionUserResponse {
    pub(super) fn new(session: &Session, permissions: &Permissions) -> Self {
        Self {
            session: session.into(),
            expires_at: session.expires_at.into(),
            permissions: permissions.as_json().clone().into(),
        }
    }
}

/// The signed-in user, as the front end asks for it on every page.
#[derive(Object)]
pub(super) struct SessionUserInfoResponse {
    /// The token or key of the request.
    token: String,
    /// How the token is to be sent: `Bearer`.
    token_type: String,
    /// When the token ends, in seconds since 1970; null for never.
    expires_at: Nullable<i64>,
    /// The account.
    id: String,
    /// E-mail address.
    email: String,
    /// Display name.
    name: String,
    /// `admin`, `user` or `pending`.
    role: String,
    /// A path, a web address or a data URL.
    profile_image_url: String,
    /// What the user says of themselves.
    bio: Nullable<String>,
    /// Free text.
    gender: Nullable<String>,
    /// `YYYY-MM-DD`.
    date_of_birth: Nullable<String>,
    /// Emoji of the status line.
    status_emoji: Nullable<String>,
    /// Text of the status line.
    status_message: Nullable<String>,
    /// When the status line ends, in seconds since 1970.
    status_expires_at: Nullable<i64>,
    permissions: Free<EffectivePermissions>,
}

impl SessionUserInfoResponse {
    pub(super) fn new(user: &User, token: &str, expires_at: Option<i64>, permissions: &Permissions) -> Self {
        Self {
            token: token.to_owned(),
            token_type: TOKEN_TYPE.to_owned(),
            expires_at: expires_at.into(),
            id: user.id.to_string(),
            email: user.email.clone(),
            name: user.name.clone(),
            role: user.role.as_str().to_owned(),
            profile_image_url: user.profile_image_url.clone(),
            bio: user.bio.clone().into(),
            gender: user.gender.clone().into(),
            date_of_birth: user.date_of_birth.clone().into(),
            status_emoji: user.status_emoji.clone().into(),
            status_message: user.status_message.clone().into(),
            status_expires_at: user.status_expires_at.into(),
            permissions: permissions.as_json().clone().into(),
        }
    }
}

/// The caller's account after a change of its profile.
#[derive(Object)]
#[oai(rename = "UserProfileImageResponse")]
pub(super) struct ProfileDto {
    /// The account.
    id: String,
    /// Display name.
    name: String,
    /// `admin`, `user` or `pending`.
    role: String,
    /// E-mail address.
    email: String,
    /// A path, a web address or a data URL.
    profile_image_url: String,
}

impl From<&User> for ProfileDto {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            name: user.name.clone(),
            role: user.role.as_str().to_owned(),
            email: user.email.clone(),
            profile_image_url: user.profile_image_url.clone(),
        }
    }
}

/// The end of a session.
#[derive(Object)]
pub(super) struct SignOutResponse {
    /// True.
    pub(super) status: bool,
    /// Where the browser goes next, where the operator set it.
    #[oai(skip_serializing_if_is_none)]
    pub(super) redirect_url: Option<String>,
}

/// The caller's API key.
#[derive(Object)]
pub(super) struct ApiKey {
    /// It begins with `sk-`.
    pub(super) api_key: String,
}

/// The administrator to contact.
#[derive(Object)]
pub(super) struct AdminDetails {
    /// Display name.
    pub(super) name: Nullable<String>,
    /// E-mail address.
    pub(super) email: Nullable<String>,
}
