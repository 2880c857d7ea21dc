//! A server in process over a fresh database, the real binary as a process; a PostgreSQL and Redis servers of their
//! own; instances of a fleet.

mod app;
mod document_server;
mod endless_upstream;
mod fleet;
mod operations;
mod postgres;
mod process;
mod redis;
mod stalled_upstream;
mod statements;
mod upstream;
mod webhook_receiver;
mod wire;
mod zoo;

pub(crate) use app::{Answer, TestApp, configuration};
pub(crate) use document_server::DocumentServer;
pub(crate) use endless_upstream::{Endless, EndlessUpstream};
pub(crate) use fleet::{Instance, address, eventually, options, user, within};
pub(crate) use operations::{Operation, operations};
pub(crate) use postgres::{Postgres, run_as_server};
pub(crate) use process::{Running, binary, keelson, keelson_as_nobody, run};
pub(crate) use redis::{RedisServer, RedisSet};
pub(crate) use stalled_upstream::StalledUpstream;
pub(crate) use statements::{record_statements, statements_of};
pub(crate) use upstream::{Asked, Upstream};
pub(crate) use webhook_receiver::WebhookReceiver;
pub(crate) use wire::{assert_wire, default_permissions};
pub(crate) use zoo::{Kind, Reply, Stored, ZooServer, kinds};
