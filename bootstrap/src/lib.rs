//! Wires adapters into the application: the only crate that knows them all.
//!
//! `config/` reads variables, one file a section; `build/` makes ports and services; `lifecycle.rs` starts and stops
//! the server; `loops.rs` lists what runs beside the requests, `supervisor/` keeps it running, `metrics.rs` shows how
//! it fares; `commands/` is the command line.

pub mod build;
pub mod commands;
pub mod config;
pub mod gate;
pub mod lifecycle;
mod loops;
pub mod metrics;
pub mod supervisor;
