//! Proofs of identity: signed tokens and hashed passwords.

mod passwords;
mod tokens;

pub use passwords::Bcrypt;
pub use tokens::JwtSigner;
