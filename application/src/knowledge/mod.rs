//! Knowledge: collections of files.

mod ports;

pub use ports::KnowledgePorts;
