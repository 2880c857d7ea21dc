//! A server in process over a fresh database; a PostgreSQL and Redis servers of their own; instances of a fleet.

mod app;
mod fleet;
mod postgres;
mod redis;

pub(crate) use app::{Answer, TestApp};
pub(crate) use fleet::{Instance, address, eventually, options, user, within};
pub(crate) use postgres::Postgres;
pub(crate) use redis::{RedisServer, RedisSet};
