//! How people sign in.

use super::{Database, RunQueryDsl, dialect};

mod accounts;
mod api_keys;

pub use accounts::Accounts;
pub use api_keys::ApiKeys;
