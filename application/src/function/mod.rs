//! Functions: Python that admins add.

mod ports;

pub use ports::FunctionPorts;
