//! Redis, in its three modes: the state that instances share, under the names that the reference uses.
//!
//! Redis is optional: no reader waits for it, and while it is down every port continues with this process's state (each
//! file says how). A [`ConnectionMonitor`](monitor) for each set of servers holds a client for commands, a client for
//! subscriptions and RESP3 tracking, and the loop that watches both. Each component has a circuit breaker, and its
//! `restore` says how its state and Redis are brought together after a lost connection.
//!
//! To add a component: a file named after its room, a `Restore`, an accessor on [`Redis`], the port's contract suite.

mod breaker;
mod cleanup;
mod connect;
mod error;
mod fanout;
mod health;
mod keys;
mod lease;
mod limits;
mod locks;
mod models;
mod monitor;
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
mod wire;

pub use error::RedisError;
pub use health::Health;
pub use options::{Address, AddressText, Mode, RedisOptions};
pub use redis::{Loop, Redis};
