//! Who is calling: credentials, tokens, API keys.

mod caller;
mod cutoff;
mod policy;
mod ports;

pub use caller::{AuthMethod, Caller};
pub use cutoff::{RevocationLog, TokenCutoff, TokenCutoffs};
pub use policy::{EmailAddress, InvalidEmail, WeakPassword, check_password, parse_duration};
pub use ports::{
    Accounts, ApiKeyRepository, Claims, Created, Credential, NewAccount, PasswordHasher, RateLimiter,
    TokenRevocations, TokenSigner,
};
