//! Time and identifiers, real ones and predictable ones for tests; locks within the process.

mod clock;
mod ids;
mod locks;

pub use clock::{FakeClock, SystemClock};
pub use ids::{CountingIds, RandomIds};
pub use locks::MemoryLocks;
