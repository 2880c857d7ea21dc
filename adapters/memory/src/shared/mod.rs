//! Time and identifiers: the real ones, and ones that tests steer.

mod clock;
mod ids;

pub use clock::{FakeClock, SystemClock};
pub use ids::{CountingIds, RandomIds};
