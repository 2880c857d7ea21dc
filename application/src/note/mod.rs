//! Notes.

mod ports;

pub use ports::NotePorts;
