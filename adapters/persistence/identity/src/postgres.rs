//! The repositories over PostgreSQL.

use keelson_persistence_kit::PostgresDatabase as Database;
use keelson_persistence_kit::dialect::postgres as dialect;

#[path = "rooms/mod.rs"]
mod rooms;

pub use rooms::*;
