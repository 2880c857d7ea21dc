use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// A named step of the start, such as `migrations`, or a part of the server, such as `redis`.
pub type Step = &'static str;

/// Whether this instance may get traffic, and what it does without; shared between lifecycle and HTTP.
#[derive(Debug, Clone, Default)]
pub struct Readiness {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    missing: BTreeSet<Step>,
    degraded: BTreeSet<Step>,
}

/// What [`Readiness`] says at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether this instance may get traffic: nothing is missing.
    pub ready: bool,
    /// The steps that are missing, sorted.
    pub missing: Vec<Step>,
    /// What does not work as it should, sorted; the instance serves all the same.
    pub degraded: Vec<Step>,
}

impl Readiness {
    /// Not ready until each of these steps is done.
    pub fn waiting_for(steps: impl IntoIterator<Item = Step>) -> Self {
        let state = State {
            missing: steps.into_iter().collect(),
            degraded: BTreeSet::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Marks a step as done.
    pub fn done(&self, step: Step) {
        self.state().missing.remove(step);
    }

    /// Marks a step as missing (again), such as `shutdown`.
    pub fn lack(&self, step: Step) {
        self.state().missing.insert(step);
    }

    /// Notes that a part does not work as it should, and that the server goes on without it.
    pub fn degraded(&self, step: Step) {
        self.state().degraded.insert(step);
    }

    /// Notes that a part works again.
    pub fn recovered(&self, step: Step) {
        self.state().degraded.remove(step);
    }

    /// How things stand.
    pub fn report(&self) -> Report {
        let state = self.state();
        Report {
            ready: state.missing.is_empty(),
            missing: state.missing.iter().copied().collect(),
            degraded: state.degraded.iter().copied().collect(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(missing: &[Step], degraded: &[Step]) -> Report {
        Report {
            ready: missing.is_empty(),
            missing: missing.to_vec(),
            degraded: degraded.to_vec(),
        }
    }

    #[test]
    fn is_ready_when_nothing_is_missing() {
        let readiness = Readiness::waiting_for(["settings", "migrations"]);
        readiness.done("settings");
        assert_eq!(readiness.report(), report(&["migrations"], &[]));
        readiness.done("migrations");
        assert_eq!(readiness.report(), report(&[], &[]));
        readiness.lack("shutdown");
        assert_eq!(readiness.clone().report(), report(&["shutdown"], &[]));
    }

    #[test]
    fn is_ready_without_what_it_can_do_without() {
        let readiness = Readiness::default();
        readiness.degraded("tasks");
        readiness.degraded("redis");
        readiness.degraded("redis");
        assert_eq!(readiness.report(), report(&[], &["redis", "tasks"]));
        readiness.recovered("redis");
        readiness.recovered("never broken");
        assert_eq!(readiness.report(), report(&[], &["tasks"]));
    }
}
