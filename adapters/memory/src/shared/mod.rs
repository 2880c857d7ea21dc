//! Time and identifiers, the real ones and ones that tests steer; locks within the process.

mod clock;
mod ids;
mod locks;

pub use clock::{FakeClock, SystemClock};
pub use ids::{CountingIds, RandomIds};
pub use locks::MemoryLocks;
