//! People: their accounts, roles and settings.

mod entity;
mod ports;

pub use entity::{Role, User, UserId};
pub use ports::UserRepository;
