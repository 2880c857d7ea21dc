use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A named step of the start, such as `migrations`.
pub type Step = &'static str;

/// Which steps are missing until this instance may get traffic; shared between lifecycle and HTTP.
#[derive(Debug, Clone, Default)]
pub struct Readiness {
    missing: Arc<Mutex<BTreeSet<Step>>>,
}

impl Readiness {
    /// Not ready until each of these steps is done.
    pub fn waiting_for(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            missing: Arc::new(Mutex::new(steps.into_iter().collect())),
        }
    }

    /// Marks a step as done.
    pub fn done(&self, step: Step) {
        self.missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(step);
    }

    /// Marks a step as missing (again), such as `shutdown`.
    pub fn lack(&self, step: Step) {
        self.missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(step);
    }

    /// The steps that are missing; none means ready.
    pub fn missing(&self) -> Vec<Step> {
        self.missing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .copied()
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Readiness;

    #[test]
    fn is_ready_when_nothing_is_missing() {
        let readiness = Readiness::waiting_for(["settings", "migrations"]);
        readiness.done("settings");
        assert_eq!(readiness.missing(), ["migrations"]);
        readiness.done("migrations");
        assert!(readiness.missing().is_empty());
        readiness.lack("shutdown");
        assert_eq!(readiness.clone().missing(), ["shutdown"]);
    }
}
