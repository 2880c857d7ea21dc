//! The server itself: is it up, is it ready.

mod readiness;

pub use readiness::{Readiness, Step};
