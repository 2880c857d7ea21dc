//! Running tasks: who runs what, and how to stop it.

mod entity;
mod ports;

pub use entity::{RunningTask, TaskId};
pub use ports::{StopCommands, TaskDirectory, TaskSignals};
