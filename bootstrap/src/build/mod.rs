//! Makes what the server is made of: ports from adapters, services from ports.

mod app;
mod ports;
mod shared;

pub use app::App;
#[cfg(feature = "sqlite")]
pub use ports::in_memory_ports;
pub use ports::ports;
pub use shared::Shared;
