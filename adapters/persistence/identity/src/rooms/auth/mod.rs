//! How people sign in.

use super::{Database, RunQueryDsl, dialect};

mod accounts;
mod api_keys;

pub(crate) use accounts::Accounts;
pub(crate) use api_keys::ApiKeys;
