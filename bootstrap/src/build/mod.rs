//! Makes what the server is made of: ports from adapters, services from ports.

mod app;
mod ports;

pub use app::App;
pub use ports::ports;
