//! The repositories over SQLite.

use keelson_persistence_kit::SqliteDatabase as Database;

#[path = "rooms/mod.rs"]
mod rooms;

pub use rooms::*;
