//! A server in process over a fresh database, and a PostgreSQL of its own.

mod app;
mod postgres;
mod receiver;
mod silent;
mod upstream;

pub(crate) use app::TestApp;
pub(crate) use postgres::Postgres;
pub(crate) use receiver::Receiver;
pub(crate) use silent::Silent;
pub(crate) use upstream::Upstream;
