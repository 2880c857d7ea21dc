//! Browser sessions.

mod ports;

pub use ports::SessionPorts;
