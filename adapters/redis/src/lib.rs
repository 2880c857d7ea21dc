//! Redis, in its three modes: what the instances of a fleet tell each other, under the names that the reference uses.
//!
//! Redis is a bus and a mirror here, never a must: no reader waits for it, and while it is gone every port goes on
//! with what this process knows (each room's file says how). One [`Line`](line) a server set: a client for commands,
//! a client that hears (subscriptions and RESP3 tracking), one loop that watches both. Each use of Redis has a circuit
//! breaker and says in `restore` how it and Redis come together again after the line was lost.
//!
//! To add a use: a file named after its room, a `Restore`, an accessor on [`Redis`], and the port's contract suite.

mod breaker;
mod cleanup;
mod connect;
mod error;
mod events;
mod fanout;
mod health;
mod lease;
mod limits;
mod line;
mod locks;
mod mirror;
mod names;
mod options;
mod presence;
mod redis;
mod revocations;
mod sentinel;
mod sessions;
mod settings;
mod signals;
mod tasks;
mod tracking;
mod usage;
mod user;
mod wire;

pub use error::RedisError;
pub use health::Health;
pub use options::{Address, AddressText, Mode, RedisOptions};
pub use redis::{Loop, Redis};
