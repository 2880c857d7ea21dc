use std::time::Duration;

use tokio::time::Instant;

/// The state of a loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopState {
    /// Its name.
    pub name: &'static str,
    /// Whether it runs.
    pub status: LoopStatus,
    /// How often it was restarted since the start of the server.
    pub restarts: u64,
}

/// Whether a loop runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopStatus {
    /// It has run since then.
    Running(Instant),
    /// It has failed since then; it may run at this moment, but not yet for long.
    Failing(Instant),
    /// It was stopped.
    Stopped,
}

/// What the supervisor records of a loop.
#[derive(Debug)]
pub(super) struct LoopRecord {
    status: LoopStatus,
    restarts: u64,
    /// Restarts when the current series of failures began.
    restarts_before: u64,
}

impl LoopRecord {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            status: LoopStatus::Running(now),
            restarts: 0,
            restarts_before: 0,
        }
    }

    pub(super) fn state(&self, name: &'static str) -> LoopState {
        LoopState {
            name,
            status: self.status,
            restarts: self.restarts,
        }
    }

    /// Whether this failure is the first of a series.
    pub(super) fn record_failure(&mut self, now: Instant) -> bool {
        let is_first = matches!(self.status, LoopStatus::Running(_));
        if is_first {
            self.status = LoopStatus::Failing(now);
            self.restarts_before = self.restarts;
        }
        is_first
    }

    pub(super) fn record_restart(&mut self) {
        self.restarts += 1;
    }

    /// Ends a series of failures: how long it was, and how many restarts it took.
    pub(super) fn record_recovery(&mut self, now: Instant) -> Option<(Duration, u64)> {
        let LoopStatus::Failing(since) = self.status else {
            return None;
        };
        self.status = LoopStatus::Running(now);
        Some((now.duration_since(since), self.restarts - self.restarts_before))
    }

    pub(super) fn record_stop(&mut self) {
        self.status = LoopStatus::Stopped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_in_a_row_are_one_series_until_the_loop_recovers() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut record = LoopRecord::new(start);
        assert_eq!(record.record_recovery(at(60)), None, "did not fail");
        assert!(record.record_failure(at(100)));
        record.record_restart();
        assert!(!record.record_failure(at(110)));
        record.record_restart();
        assert_eq!(record.state("work").status, LoopStatus::Failing(at(100)));
        assert_eq!(
            record.record_recovery(at(180)),
            Some((Duration::from_secs(80), 2))
        );
        assert_eq!(record.state("work").status, LoopStatus::Running(at(180)));
        assert!(record.record_failure(at(300)), "a new series");
        record.record_restart();
        assert_eq!(
            record.record_recovery(at(400)),
            Some((Duration::from_secs(100), 1))
        );
        assert_eq!(record.state("work").restarts, 3);
        record.record_stop();
        assert_eq!(record.state("work").status, LoopStatus::Stopped);
    }
}
