//! Makes what the server is made of: ports from adapters, services from ports.

mod app;
mod ports;
mod shared;

pub use app::App;
pub use ports::ports;
pub use shared::Shared;
