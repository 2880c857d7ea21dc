//! The layers around the routes, in the contract's order, outermost first: what comes in, normal paths, session, CORS,
//! websocket-upgrade check,
//! process time, API-key restriction, security headers, redirects, compression, limits of bodies, audit. The router puts
//! them around the routes; each can be switched as the reference's can.

pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod compression;
pub(crate) mod cors;
pub(crate) mod inbound;
pub(crate) mod limits;
pub(crate) mod panics;
pub(crate) mod paths;
pub(crate) mod process_time;
pub(crate) mod redirects;
pub(crate) mod security_headers;
mod session;
pub(crate) mod websocket;

pub use cors::CorsOptions;
pub use limits::BodyLimits;
pub use security_headers::SecurityHeaders;
pub use session::with_sessions;
pub(crate) use websocket::SOCKET_PATH;
