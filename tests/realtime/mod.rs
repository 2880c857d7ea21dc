//! Connected clients, over a real server and real connections.

mod calls;
mod client;
mod instances;
mod polling;
mod refusals;
mod rooms;
mod rules;
mod server;
mod slow_clients;
