use serde::{Deserialize, Serialize};

/// Where the core gets the time from.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;
}

/// A point in time: nanoseconds since the Unix epoch. It holds whatever number of seconds a table holds, as milliseconds
/// that somebody imported for seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct Timestamp(i128);

/// Nanoseconds in a second.
const SECOND: i128 = 1_000_000_000;

/// A number as the nearest one that an `i64` holds.
const fn clamp(number: i128) -> i64 {
    if number > i64::MAX as i128 {
        i64::MAX
    } else if number < i64::MIN as i128 {
        i64::MIN
    } else {
        number as i64
    }
}

impl Timestamp {
    /// From nanoseconds since the epoch.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos as i128)
    }

    /// From whole seconds since the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds as i128 * SECOND)
    }

    /// Nanoseconds since the epoch: the unit of channels, messages and notes. Those of the year 2262 are the last.
    pub const fn nanos(self) -> i64 {
        clamp(self.0)
    }

    /// Milliseconds since the epoch, rounded down.
    pub const fn millis(self) -> i64 {
        clamp(self.0.div_euclid(1_000_000))
    }

    /// Whole seconds since the epoch, rounded down: the unit of most tables.
    pub const fn seconds(self) -> i64 {
        clamp(self.0.div_euclid(SECOND))
    }

    /// This time plus some seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds as i128 * SECOND)
    }
}

/// From nanoseconds.
impl From<i64> for Timestamp {
    fn from(nanos: i64) -> Self {
        Self::from_nanos(nanos)
    }
}

/// In nanoseconds.
impl From<Timestamp> for i64 {
    fn from(time: Timestamp) -> Self {
        time.nanos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_table_holds_is_held() {
        let largest = i64::MAX / 1_000_000_000;
        for seconds in [
            0,
            -1,
            1_700_000_000,
            1_700_000_000_000,
            largest,
            largest + 1,
            i64::MAX,
            i64::MIN,
            i64::MAX - 1,
        ] {
            let time = Timestamp::from_seconds(seconds);
            assert_eq!(time.seconds(), seconds);
            assert_eq!(time.plus_seconds(1).seconds(), seconds.saturating_add(1));
            assert_eq!(Timestamp::from_nanos(seconds).nanos(), seconds);
        }
        assert_eq!(Timestamp::from_seconds(i64::MAX).nanos(), i64::MAX);
        assert_eq!(Timestamp::from_seconds(i64::MIN).millis(), i64::MIN);
        assert_eq!(Timestamp::from_nanos(-1).seconds(), -1);
        let text = serde_json::to_string(&Timestamp::from_seconds(3)).expect("JSON");
        assert_eq!(text, "3000000000");
        let read: Timestamp = serde_json::from_str(&text).expect("a time");
        assert_eq!(read, Timestamp::from_seconds(3));
    }
}
