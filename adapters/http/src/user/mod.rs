//! People: their settings, and what admins do with accounts.

mod admin;
mod api;
mod dto;
mod error;
mod permissions;

pub use admin::UserAdminApi;
pub use api::UserApi;
pub(crate) use dto::{brief, full, group};
