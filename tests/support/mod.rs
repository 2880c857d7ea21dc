//! A server in process over a fresh database, and a PostgreSQL of its own.

mod app;
mod postgres;

pub(crate) use app::{Answer, TestApp};
pub(crate) use postgres::Postgres;
