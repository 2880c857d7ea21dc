//! People: their accounts, roles and settings.

mod entity;

pub use entity::{Role, User, UserId};
