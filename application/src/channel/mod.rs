//! Channels: rooms in which people talk.

mod ports;

pub use ports::ChannelPorts;
