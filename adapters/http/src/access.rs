//! What shared objects of all rooms show alike: their access rules and their owners.

use keelson_domain::user::User;
use poem_openapi::Object;

use crate::json::Column;

/// Who else may read or change a shared object.
pub(crate) struct AccessRulesColumn;

impl Column for AccessRulesColumn {
    const NAME: &'static str = "AccessControl";
    const DESCRIPTION: &'static str = "Who beside the owner may read or change the object: `{\"read\": {\"user_ids\": […], \"group_ids\": […]}, \"write\": {…}}`; an empty object for nobody.";
}

/// The owner of an object in a list.
#[derive(Object)]
pub(crate) struct Owner {
    /// Identity.
    id: String,
    /// Display name.
    name: String,
    /// `admin`, `user` or `pending`.
    role: String,
    /// E-mail address.
    email: String,
}

impl From<User> for Owner {
    fn from(user: User) -> Self {
        Self {
            id: user.id.into_string(),
            name: user.name,
            role: user.role.as_str().to_owned(),
            email: user.email,
        }
    }
}
