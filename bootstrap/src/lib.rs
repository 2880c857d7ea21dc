//! Wires adapters into the application: the only crate that knows them all.
//!
//! `config/` reads variables, one file a section; `build/` makes ports and services; `lifecycle.rs` starts and stops
//! the server; `supervisor/` keeps its background loops running, `metrics.rs` shows
//! how it fares; `commands/` is the command line.

pub mod build;
pub mod commands;
pub mod config;
pub mod gate;
pub mod lifecycle;
pub mod metrics;
pub mod supervisor;
