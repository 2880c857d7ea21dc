//! Groups of users, as admins manage them.

mod api;
mod error;
mod members;

pub use api::GroupApi;
pub use members::GroupMembersApi;
