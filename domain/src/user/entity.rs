use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::shared::{TextId, Timestamp};

/// Identifies a user.
pub type UserId = TextId<User>;

/// What a user may do in general.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Runs the workspace.
    Admin,
    /// Works in it.
    User,
    /// Waits for an admin's approval.
    Pending,
}

impl Role {
    /// The stored form.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::User => "user",
            Self::Pending => "pending",
        }
    }
}

/// The text is none of `admin`, `user` and `pending`.
#[derive(Debug, thiserror::Error)]
#[error("a role is one of admin, user, pending")]
pub struct UnknownRole;

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(role: &str) -> Result<Self, Self::Err> {
        match role {
            "admin" => Ok(Self::Admin),
            "user" => Ok(Self::User),
            "pending" => Ok(Self::Pending),
            _ => Err(UnknownRole),
        }
    }
}

/// A user's account. The password lives elsewhere, in `auth`.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// Display name.
    pub name: String,
    /// E-mail address, lower-cased.
    pub email: String,
    /// General rights.
    pub role: Role,
    /// A path, an http(s) URL or a data URL.
    pub profile_image_url: String,
    /// Banner on the profile, if set.
    pub profile_banner_image_url: Option<String>,
    /// Handle, if set.
    pub username: Option<String>,
    /// About the user.
    pub bio: Option<String>,
    /// Free text.
    pub gender: Option<String>,
    /// `YYYY-MM-DD`.
    pub date_of_birth: Option<String>,
    /// IANA name.
    pub timezone: Option<String>,
    /// Presence that the user chose.
    pub presence_state: Option<String>,
    /// Emoji of the status line.
    pub status_emoji: Option<String>,
    /// Text of the status line.
    pub status_message: Option<String>,
    /// When the status line ends, epoch seconds.
    pub status_expires_at: Option<i64>,
    /// Front-end settings: an object such as `{"ui": {…}}`.
    pub settings: Option<Value>,
    /// Facts about the user for prompt variables.
    pub info: Option<Value>,
    /// Linked sign-in providers: `{"google": {"sub": "…"}}`.
    pub oauth: Option<Value>,
    /// Last sign of life (whole seconds).
    pub last_active_at: Timestamp,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}
