//! Several instances on one Redis, with real servers: what they share with the reference, and what happens when
//! servers stop, restart, or fail over.

mod cleanup;
mod failover;
mod key_format;
mod paused_server;
mod propagation;
mod python_socketio;
mod restart;
mod socket_redis;
mod start_without_redis;
mod stop_commands;
mod tls;
