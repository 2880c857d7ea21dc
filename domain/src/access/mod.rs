//! Who may do what: the one place that looks at roles, groups and permissions.
//!
//! [`Access`] is what an account may do, loaded once a request by `keelson_application::access`. A use case asks it
//! [`Access::require`] for a permission, [`Access::may`] for a right on an object, and [`Access::scope`] for the part
//! of a table that a list may show, which a repository turns into SQL. No other code compares a role or a group id.

mod entity;
mod permission;
mod permissions;
mod rules;
mod scope;
#[cfg(test)]
mod tests;

pub use entity::{Access, AccessPolicy, Denied, administers};
pub use permission::Permission;
pub use permissions::Permissions;
pub use rules::{AccessRules, Right, Shareable, Unset};
pub use scope::{Grant, OwnerScope, Scope};
