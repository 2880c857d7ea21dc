//! The repositories over PostgreSQL.

use keelson_persistence_kit::PostgresDatabase as Database;
use keelson_persistence_kit::dialect::postgres as dialect;
use keelson_persistence_kit::run_query::postgres::RunQueryDsl;

#[path = "rooms/mod.rs"]
mod rooms;

pub(crate) use rooms::Settings;
