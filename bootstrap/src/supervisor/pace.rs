use std::time::Duration;

/// How patient a supervisor is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The pause before a loop that failed starts again; doubles with each failure in a row.
    pub(super) first_pause: Duration,
    /// The longest such pause.
    pub(super) longest_pause: Duration,
    /// How long a loop must run until its failures are forgotten.
    pub(super) good: Duration,
    /// How long a loop may take to end once it was told to stop.
    pub(super) farewell: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(30),
            good: Duration::from_secs(60),
            farewell: Duration::from_secs(5),
        }
    }
}

/// The pauses between the runs of one loop.
pub(super) struct Pauses {
    pace: Pace,
    next: Duration,
}

impl Pauses {
    pub(super) fn new(pace: Pace) -> Self {
        let next = pace.first_pause;
        Self { pace, next }
    }

    /// The pause after a run that took so long.
    pub(super) fn after(&mut self, run: Duration) -> Duration {
        if run >= self.pace.good {
            self.next = self.pace.first_pause;
        }
        let pause = self.next;
        self.next = (pause * 2).min(self.pace.longest_pause);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_half_a_minute_and_begin_anew_after_a_good_minute() {
        let mut pauses = Pauses::new(Pace::default());
        let mut after = |seconds| pauses.after(Duration::from_secs(seconds)).as_millis();
        let failing: Vec<_> = [0, 1, 59, 0, 0, 0, 0, 0].map(&mut after).into();
        assert_eq!(failing, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!((after(60), after(0)), (500, 1_000));
    }
}
