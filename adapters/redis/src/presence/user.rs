//! A user as the reference keeps one in the session pool: the account without pictures, birthday, biography, gender.

use keelson_domain::user::{User, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Serialize)]
struct PooledUser<'a> {
    id: &'a str,
    email: &'a str,
    username: Option<&'a str>,
    role: &'a str,
    name: &'a str,
    timezone: Option<&'a str>,
    presence_state: Option<&'a str>,
    status_emoji: Option<&'a str>,
    status_message: Option<&'a str>,
    status_expires_at: Option<i64>,
    info: Option<&'a Value>,
    settings: Option<&'a Value>,
    oauth: Option<&'a Value>,
    last_active_at: i64,
    updated_at: i64,
    created_at: i64,
}

/// The pool's JSON of a user.
pub(super) fn to_json(user: &User) -> String {
    let pooled = PooledUser {
        id: user.id.as_str(),
        email: &user.email,
        username: user.username.as_deref(),
        role: user.role.as_str(),
        name: &user.name,
        timezone: user.timezone.as_deref(),
        presence_state: user.presence_state.as_deref(),
        status_emoji: user.status_emoji.as_deref(),
        status_message: user.status_message.as_deref(),
        status_expires_at: user.status_expires_at,
        info: user.info.as_ref(),
        settings: user.settings.as_ref(),
        oauth: user.oauth.as_ref(),
        last_active_at: user.last_active_at.seconds(),
        updated_at: user.updated_at.seconds(),
        created_at: user.created_at.seconds(),
    };
    serde_json::to_string(&pooled).unwrap_or_default()
}

/// The id in the pool's JSON of a user; none when it is unreadable.
pub(super) fn id_from_json(text: &str) -> Option<UserId> {
    #[derive(Deserialize)]
    struct Id {
        id: UserId,
    }
    serde_json::from_str::<Id>(text).ok().map(|user| user.id)
}
