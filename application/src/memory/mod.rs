//! Memories: what a user wants to be remembered.

mod ports;

pub use ports::MemoryPorts;
