//! Wires adapters into the application: the only crate that depends on all of them.
//!
//! `config/` reads variables, one file a section; `build/` creates ports and services; `lifecycle.rs` starts and stops
//! the server; `loops.rs` lists the background loops, `supervisor/` keeps them running, `metrics.rs` exports their
//! state; `commands/` is the command line.

pub mod build;
pub mod commands;
pub mod config;
pub mod gate;
pub mod lifecycle;
mod loops;
pub mod metrics;
pub mod supervisor;
