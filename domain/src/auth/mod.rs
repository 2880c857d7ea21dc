//! Who is calling: credentials, tokens, API keys.

mod caller;
mod ports;

pub use caller::{AuthMethod, Caller};
pub use ports::{Claims, TokenSigner};
