//! The repositories over PostgreSQL.

use diesel::pg::Pg as Backend;
use keelson_persistence_kit::{PostgresConnection as Connection, PostgresDatabase as Database};

use crate::dialect::postgres as dialect;
use keelson_persistence_kit::run_query::postgres::RunQueryDsl;

#[path = "rooms/mod.rs"]
mod rooms;

pub(crate) use rooms::ports;
