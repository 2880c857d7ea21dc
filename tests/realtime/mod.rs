//! Open pages, over a real server and real connections.

mod calls;
mod client;
mod crowd;
mod fleet;
mod house;
mod polling;
mod refusals;
mod rooms;
mod rules;
