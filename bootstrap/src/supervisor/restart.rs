use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

/// When a failed loop is restarted.
#[derive(Debug, Clone, Copy)]
pub(super) struct RestartPolicy {
    /// The delay before a failed loop is restarted; doubles with each failure in a row.
    pub(super) first_delay: Duration,
    /// The longest such delay.
    pub(super) max_delay: Duration,
    /// How long a loop must run to count as healthy again.
    pub(super) healthy_after: Duration,
    /// How long a loop may take to end once it was told to stop.
    pub(super) stop_timeout: Duration,
}

impl Default for RestartPolicy {
    fn default() -> Self {
        Self {
            first_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(30),
            healthy_after: Duration::from_secs(60),
            stop_timeout: Duration::from_secs(5),
        }
    }
}

impl RestartPolicy {
    fn delays(&self) -> ExponentialBackoff {
        ExponentialBuilder::new()
            .with_min_delay(self.first_delay)
            .with_max_delay(self.max_delay)
            .without_max_times()
            .build()
    }
}

/// The delays between the runs of one loop.
pub(super) struct RestartDelays {
    policy: RestartPolicy,
    delays: ExponentialBackoff,
}

impl RestartDelays {
    pub(super) fn new(policy: RestartPolicy) -> Self {
        let delays = policy.delays();
        Self { policy, delays }
    }

    /// The delay after a run that lasted so long.
    pub(super) fn next_after(&mut self, run: Duration) -> Duration {
        if run >= self.policy.healthy_after {
            self.delays = self.policy.delays();
        }
        self.delays.next().unwrap_or(self.policy.max_delay)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_half_a_minute_and_start_again_after_a_healthy_minute() {
        let mut delays = RestartDelays::new(RestartPolicy::default());
        let mut after = |seconds| delays.next_after(Duration::from_secs(seconds)).as_millis();
        let failing: Vec<_> = [0, 1, 59, 0, 0, 0, 0, 0].map(&mut after).into();
        assert_eq!(failing, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!((after(60), after(0)), (500, 1_000));
    }
}
