//! Who is calling: credentials, tokens, API keys.

mod access;
mod caller;
mod permissions;
mod policy;
mod ports;

pub use access::{AccessControl, Right};
pub use caller::{AuthMethod, Caller};
pub use permissions::Permissions;
pub use policy::{EmailAddress, InvalidEmail, WeakPassword, check_password, parse_duration};
pub use ports::{
    Accounts, ApiKeyRepository, Claims, Created, Credential, NewAccount, PasswordHasher, RateLimiter,
    TokenRevocations, TokenSigner,
};
