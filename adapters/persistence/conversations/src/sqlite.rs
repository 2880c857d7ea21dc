//! The repositories over SQLite.

use diesel::sqlite::Sqlite as Backend;
use keelson_persistence_kit::SqliteDatabase as Database;

use crate::dialect::sqlite as dialect;

#[path = "rooms/mod.rs"]
mod rooms;

pub use rooms::*;
