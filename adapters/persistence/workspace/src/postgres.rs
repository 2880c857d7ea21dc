//! The repositories over PostgreSQL.

use keelson_persistence_kit::PostgresDatabase as Database;

#[path = "rooms/mod.rs"]
mod rooms;

pub use rooms::*;
