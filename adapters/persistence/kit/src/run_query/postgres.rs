//! Statements on PostgreSQL.

use crate::PostgresConnection as Connection;

#[path = "dsl.rs"]
mod dsl;

pub use dsl::RunQueryDsl;
