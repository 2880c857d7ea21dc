//! The repositories over SQLite.

use diesel::sqlite::Sqlite as Backend;
use keelson_persistence_kit::SqliteDatabase as Database;
use keelson_persistence_kit::dialect::sqlite as dialect;
use keelson_persistence_kit::run_query::sqlite::RunQueryDsl;

#[path = "rooms/mod.rs"]
mod rooms;

pub(crate) use rooms::ports;
