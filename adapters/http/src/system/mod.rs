//! The server itself: health, version, the front end's configuration, pages and static files.

mod frontend;

pub use frontend::{Frontend, layer as with_frontend};
