use std::time::Duration;

use tokio::time::Instant;

/// How a loop fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoopState {
    /// Its name.
    pub name: &'static str,
    /// Whether it runs.
    pub standing: Standing,
    /// How often it was started again since the start of the server.
    pub restarts: u64,
}

/// Whether a loop runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It runs since then.
    Running(Instant),
    /// It fails since then; it may run at this moment, but not yet for long.
    Failing(Instant),
    /// It was told to stop, and did.
    Stopped,
}

/// What the supervisor keeps of a loop.
#[derive(Debug)]
pub(super) struct Kept {
    standing: Standing,
    restarts: u64,
    /// Restarts at the beginning of the streak of failures.
    before: u64,
}

impl Kept {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            standing: Standing::Running(now),
            restarts: 0,
            before: 0,
        }
    }

    pub(super) fn state(&self, name: &'static str) -> LoopState {
        LoopState {
            name,
            standing: self.standing,
            restarts: self.restarts,
        }
    }

    /// Whether this failure begins a streak.
    pub(super) fn failed(&mut self, now: Instant) -> bool {
        let new = matches!(self.standing, Standing::Running(_));
        if new {
            self.standing = Standing::Failing(now);
            self.before = self.restarts;
        }
        new
    }

    pub(super) fn restarted(&mut self) {
        self.restarts += 1;
    }

    /// Ends a streak of failures: how long it was, and how many restarts it took.
    pub(super) fn recovered(&mut self, now: Instant) -> Option<(Duration, u64)> {
        let Standing::Failing(since) = self.standing else {
            return None;
        };
        self.standing = Standing::Running(now);
        Some((now.duration_since(since), self.restarts - self.before))
    }

    pub(super) fn stopped(&mut self) {
        self.standing = Standing::Stopped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_in_a_row_are_one_streak_until_the_loop_is_well() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut kept = Kept::new(start);
        assert_eq!(kept.recovered(at(60)), None, "was never ill");
        assert!(kept.failed(at(100)));
        kept.restarted();
        assert!(!kept.failed(at(110)));
        kept.restarted();
        assert_eq!(kept.state("work").standing, Standing::Failing(at(100)));
        assert_eq!(kept.recovered(at(180)), Some((Duration::from_secs(80), 2)));
        assert_eq!(kept.state("work").standing, Standing::Running(at(180)));
        assert!(kept.failed(at(300)), "a new streak");
        kept.restarted();
        assert_eq!(kept.recovered(at(400)), Some((Duration::from_secs(100), 1)));
        assert_eq!(kept.state("work").restarts, 3);
        kept.stopped();
        assert_eq!(kept.state("work").standing, Standing::Stopped);
    }
}
