use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use keelson_domain::shared::{Clock, Timestamp};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Nanoseconds fit an i64 until the year 2262.
        Timestamp::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is advanced.
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

impl FakeClock {
    /// Stands at some seconds since the epoch.
    pub fn at(seconds: i64) -> Self {
        Self(AtomicI64::new(Timestamp::from_seconds(seconds).nanos()))
    }

    /// Advances by seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance_millis(seconds * 1_000);
    }

    /// Advances by milliseconds.
    pub fn advance_millis(&self, millis: i64) {
        self.0.fetch_add(millis * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_nanos(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fake_stands_still_until_it_is_advanced() {
        let clock = FakeClock::at(100);
        assert_eq!(clock.now().seconds(), 100);
        clock.advance_millis(1_500);
        assert_eq!(clock.now().millis(), 101_500);
        assert!(SystemClock.now() > clock.now());
    }
}
