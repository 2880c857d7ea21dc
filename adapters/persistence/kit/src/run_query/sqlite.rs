//! Statements on SQLite.

use crate::SqliteConnection as Connection;

#[path = "dsl.rs"]
mod dsl;

pub use dsl::RunQueryDsl;
