//! Several instances on one Redis, with real servers: what they share with the reference, and what happens when
//! servers stop, restart, or change places.

mod cold;
mod failover;
mod frozen;
mod leftovers;
mod names;
mod news;
mod peer;
mod restart;
mod tls;
