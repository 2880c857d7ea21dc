use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use keelson_domain::model::{Connection, ProviderError, ProviderReply};

/// How long a cause that was logged is not logged again, though the provider answered in between.
const QUIET: Duration = Duration::from_secs(60);

/// Addresses that are remembered at most.
const MOST: usize = 1_000;

/// Logs what goes wrong with providers: each cause once, until the provider answers again.
#[derive(Clone, Default)]
pub(super) struct FailureLog(Arc<Mutex<HashMap<String, Failing>>>);

/// What was logged of one address.
#[derive(Default)]
struct Failing {
    is_failing: bool,
    /// Whether that was logged.
    is_told: bool,
    /// The causes, and when each was logged.
    causes: HashMap<String, Instant>,
}

impl Failing {
    /// Whether a cause is to be logged now.
    fn is_news(&mut self, cause: &str, now: Instant) -> bool {
        if !self.is_failing {
            self.causes
                .retain(|_, logged| now.duration_since(*logged) < QUIET);
        }
        self.is_failing = true;
        if self.causes.contains_key(cause) {
            return false;
        }
        self.causes.insert(cause.to_owned(), now);
        self.is_told = true;
        true
    }
}

impl FailureLog {
    fn addresses(&self) -> MutexGuard<'_, HashMap<String, Failing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how a call ended.
    pub(super) fn note<T>(&self, connection: &Connection, ended: &Result<T, ProviderError>) {
        match ended {
            Err(error) if is_failure(error) => self.note_failure(&connection.address(), error),
            // A provider that refuses one request answers.
            Ok(_) | Err(_) => self.note_answer(&connection.address()),
        }
    }

    /// Notes how a reply ends that arrives bit by bit.
    pub(super) fn watch(&self, connection: &Connection, reply: ProviderReply) -> ProviderReply {
        let ProviderReply::Stream {
            status,
            content_type,
            body,
        } = reply
        else {
            return reply;
        };
        let (log, address) = (self.clone(), connection.address());
        let watched = body.inspect(move |chunk| {
            if let Err(error) = chunk {
                log.note_failure(&address, error);
            }
        });
        ProviderReply::Stream {
            status,
            content_type,
            body: watched.boxed(),
        }
    }

    fn note_failure(&self, address: &str, error: &ProviderError) {
        let cause = with_causes(error);
        let mut addresses = self.addresses();
        if addresses.len() >= MOST && !addresses.contains_key(address) {
            addresses.clear();
        }
        let failing = addresses.entry(address.to_owned()).or_default();
        if failing.is_news(&cause, Instant::now()) {
            tracing::warn!(address, cause, "a provider failed");
        }
    }

    fn note_answer(&self, address: &str) {
        let mut addresses = self.addresses();
        let Some(failing) = addresses.get_mut(address) else {
            return;
        };
        failing.is_failing = false;
        if std::mem::take(&mut failing.is_told) {
            tracing::info!(address, "a provider answers again");
        }
    }
}

/// Whether an error says that the provider or its connection is at fault, rather than one request.
fn is_failure(error: &ProviderError) -> bool {
    match error {
        ProviderError::Refused { status, .. } => matches!(status, 401 | 403) || *status >= 500,
        ProviderError::Redirected { .. }
        | ProviderError::Unreachable(_)
        | ProviderError::TimedOut { .. }
        | ProviderError::Broken(_)
        | ProviderError::UnknownSignIn(_)
        | ProviderError::InvalidHeader(_)
        | ProviderError::TooLong { .. }
        | ProviderError::TooManyValues { .. }
        | ProviderError::Unreadable(_) => true,
    }
}

/// The error and what caused it. What a provider says is left out: it may hold what it was asked.
fn with_causes(error: &ProviderError) -> String {
    let mut text = match error {
        ProviderError::Unreadable(_) => "the provider's answer cannot be read".to_owned(),
        other => other.to_string(),
    };
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use keelson_domain::model::ProviderError;
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_cause_is_news_once_until_the_provider_answers_for_a_while() {
        let start = Instant::now();
        let mut failing = Failing::default();
        for (seconds, answers_before, cause, is_news) in [
            (0, false, "refused", true),
            (1, false, "refused", false),
            (2, false, "late", true),
            (3, false, "refused", false),
            (300, false, "late", false),
            // It answers now and then: no line each time.
            (301, true, "broken", true),
            (302, true, "broken", false),
            (330, true, "broken", false),
            (400, true, "broken", true),
        ] {
            failing.is_failing &= !answers_before;
            let now = start + Duration::from_secs(seconds);
            assert_eq!(failing.is_news(cause, now), is_news, "{cause} after {seconds} s");
        }
    }

    #[test]
    fn requests_that_are_refused_are_no_failures_of_a_provider() {
        let refused = |status| ProviderError::Refused {
            status,
            body: Value::Null,
        };
        for (error, failure) in [
            (refused(400), false),
            (refused(404), false),
            (refused(422), false),
            (refused(429), false),
            (refused(401), true),
            (refused(403), true),
            (refused(500), true),
            (refused(503), true),
            (ProviderError::Redirected { status: 301 }, true),
            (ProviderError::TimedOut { phase: "idle" }, true),
            (ProviderError::Broken("reset".into()), true),
        ] {
            assert_eq!(is_failure(&error), failure, "{error:?}");
        }
    }

    #[test]
    fn causes_are_said_and_answers_are_not() {
        for (error, text) in [
            (
                ProviderError::Unreachable("connection refused".into()),
                "the provider cannot be reached: connection refused",
            ),
            (
                ProviderError::Unreadable("expected a comma in \"secret\"".to_owned()),
                "the provider's answer cannot be read",
            ),
            (
                ProviderError::Refused {
                    status: 500,
                    body: Value::from("secret"),
                },
                "the provider answered with status 500",
            ),
        ] {
            assert_eq!(with_causes(&error), text);
        }
    }
}
