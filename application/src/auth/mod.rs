//! Who is calling.

mod authenticate;
mod error;

pub use authenticate::Authenticator;
pub use error::AuthError;
