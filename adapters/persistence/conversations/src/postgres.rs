//! The repositories over PostgreSQL.

use diesel::pg::Pg as Backend;
use keelson_persistence_kit::PostgresDatabase as Database;

use crate::dialect::postgres as dialect;

#[path = "rooms/mod.rs"]
mod rooms;

pub use rooms::*;
