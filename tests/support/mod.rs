//! A server in process over a fresh database, the real binary as a process, and a PostgreSQL of its own.

mod app;
mod postgres;
mod process;

pub(crate) use app::TestApp;
pub(crate) use postgres::Postgres;
pub(crate) use process::{Running, binary, keelson, keelson_as_nobody, run};
