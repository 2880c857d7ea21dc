//! Signing in and out, profiles, API keys, and the admin's settings of these.

mod admin;
mod api;
mod cookies;
mod dto;
mod error;
mod providers;

pub use admin::AuthAdminApi;
pub use api::AuthApi;
pub use providers::SignInProvidersApi;
