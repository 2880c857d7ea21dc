//! Providers on loopback that answer as kinds of servers do, by their documents and by what people report of them.

mod kinds;
mod server;

pub(crate) use kinds::{Kind, Stored, kinds};
pub(crate) use server::{Reply, ZooServer};
