//! Who is calling: credentials, tokens, API keys.

mod caller;

pub use caller::{AuthMethod, Caller};
