//! Browser sessions: what a sign-in that runs over several requests has to remember between them.

mod ports;

pub use ports::{Session, SessionId, SessionStore};
