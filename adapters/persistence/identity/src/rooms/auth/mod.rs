//! How people sign in.

use super::{Database, RunQueryDsl, dialect};

mod accounts;
mod api_keys;
mod cutoffs;
mod revocations;

pub(crate) use accounts::Accounts;
pub(crate) use api_keys::ApiKeys;
pub(crate) use cutoffs::TokenCutoffs;
pub(crate) use revocations::RevocationLog;
