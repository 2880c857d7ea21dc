//! Files that people upload.

mod ports;

pub use ports::FilePorts;
