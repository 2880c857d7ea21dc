//! A server in process over a fresh database, the real binary as a process; a PostgreSQL and Redis servers of their
//! own; instances of a fleet.

mod app;
mod fleet;
mod postgres;
mod process;
mod receiver;
mod redis;
mod silent;
mod upstream;

pub(crate) use app::{Answer, TestApp};
pub(crate) use fleet::{Instance, address, eventually, options, user, within};
pub(crate) use postgres::Postgres;
pub(crate) use process::{Running, binary, keelson, keelson_as_nobody, run};
pub(crate) use receiver::Receiver;
pub(crate) use redis::{RedisServer, RedisSet};
pub(crate) use silent::Silent;
pub(crate) use upstream::Upstream;
