//! Tags of chats.

mod ports;

pub use ports::TagPorts;
