//! What tests of prompts are about.

use keelson_domain::shared::Timestamp;
use keelson_domain::user::{Role, User, UserId};

/// A user who has told nothing of herself.
pub(super) fn user() -> User {
    let now = Timestamp::from_seconds(0);
    User {
        id: UserId::new("ada"),
        name: "Ada".to_owned(),
        email: "ada@example.test".to_owned(),
        role: Role::User,
        profile_image_url: String::new(),
        profile_banner_image_url: None,
        username: None,
        bio: None,
        gender: None,
        date_of_birth: None,
        timezone: None,
        presence_state: None,
        status_emoji: None,
        status_message: None,
        status_expires_at: None,
        settings: None,
        info: None,
        oauth: None,
        last_active_at: now,
        created_at: now,
        updated_at: now,
    }
}
