use keelson_domain::group::Group;
use keelson_domain::user::User;
use serde_json::{Value, json};

/// An account with everything but its password.
pub(crate) fn full(user: &User) -> Value {
    json!({
        "id": user.id,
        "email": user.email,
        "username": user.username,
        "role": user.role,
        "name": user.name,
        "profile_image_url": user.profile_image_url,
        "profile_banner_image_url": user.profile_banner_image_url,
        "bio": user.bio,
        "gender": user.gender,
        "date_of_birth": user.date_of_birth,
        "timezone": user.timezone,
        "presence_state": user.presence_state,
        "status_emoji": user.status_emoji,
        "status_message": user.status_message,
        "status_expires_at": user.status_expires_at,
        "info": user.info,
        "settings": user.settings,
        "oauth": user.oauth,
        "last_active_at": user.last_active_at.seconds(),
        "updated_at": user.updated_at.seconds(),
        "created_at": user.created_at.seconds(),
    })
}

/// What others see of an account in lists.
pub(crate) fn brief(user: &User) -> Value {
    json!({
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "role": user.role,
        "status_emoji": user.status_emoji,
        "status_message": user.status_message,
        "status_expires_at": user.status_expires_at,
    })
}

/// A group.
pub(crate) fn group(group: &Group) -> Value {
    json!({
        "id": group.id,
        "user_id": group.owner,
        "name": group.name,
        "description": group.description,
        "data": group.data,
        "meta": group.meta,
        "permissions": group.permissions,
        "created_at": group.created_at.seconds(),
        "updated_at": group.updated_at.seconds(),
    })
}

/// A group by name.
pub(super) fn group_name(group: &Group) -> Value {
    json!({"id": group.id, "name": group.name})
}
