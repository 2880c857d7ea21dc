//! People: their accounts, roles and settings.

mod activity;
mod entity;
mod ports;

pub use activity::UserActivity;
pub use entity::{Role, UnknownRole, User, UserId};
pub use ports::{UserChange, UserOrder, UserPorts, UserQuery, UserRepository};
