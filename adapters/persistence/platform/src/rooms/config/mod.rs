//! The stored settings in the table `config`.

mod repository;
mod row;

use super::{Database, RunQueryDsl, dialect};

pub(crate) use repository::Settings;
