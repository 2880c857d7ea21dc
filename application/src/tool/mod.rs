//! Tools: what models may call.

mod ports;

pub use ports::ToolPorts;
