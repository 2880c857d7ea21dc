//! Polling sessions, so that one can be disconnected.
//!
//! A polling client has no connection to close. Told to disconnect, the stock client would stay away until a reload; so
//! its requests are refused instead, which it takes for a lost connection.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::stall_guard::{DisconnectHandle, WeakDisconnectHandle};

/// The polling sessions of this instance, until the engine forgets them.
#[derive(Default)]
pub(crate) struct PollingSessions(Mutex<State>);

#[derive(Default)]
struct State {
    sessions: HashMap<String, WeakDisconnectHandle>,
    /// At how many sessions ended ones are removed.
    sweep_at: usize,
}

/// Below this many sessions nothing is removed.
const MIN_SWEEP: usize = 64;

impl PollingSessions {
    /// Adds the session that the opening packet announces.
    pub(crate) fn add(&self, packet: &str, handle: &DisconnectHandle) {
        let opening = packet.strip_prefix('0').map(serde_json::from_str::<Value>);
        let Some(Ok(opening)) = opening else { return };
        let Some(sid) = opening.get("sid").and_then(Value::as_str) else {
            return;
        };
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.sessions.len() >= state.sweep_at {
            state.sessions.retain(|_, session| session.upgrade().is_some());
            state.sweep_at = (state.sessions.len() * 2).max(MIN_SWEEP);
        }
        state.sessions.insert(sid.to_owned(), handle.downgrade());
    }

    /// Looks a session up by its id.
    pub(crate) fn find(&self, sid: &str) -> PollingSession {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.sessions.get(sid) {
            None => PollingSession::Unknown,
            Some(session) => session
                .upgrade()
                .map_or(PollingSession::Ended, PollingSession::Open),
        }
    }
}

/// The state of a session.
pub(crate) enum PollingSession {
    /// It is open; this disconnects it.
    Open(DisconnectHandle),
    /// It was open here.
    Ended,
    /// It was opened by another instance, or long ago.
    Unknown,
}

/// Limits how often a warning is logged.
#[derive(Default)]
pub(crate) struct WarningLimit(Mutex<Option<Instant>>);

/// The shortest time between two warnings.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

impl WarningLimit {
    /// Whether the warning is due; then it counts as logged.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| now.duration_since(last) >= WARNING_INTERVAL);
        if is_due {
            *last = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_open_then_ended_and_others_unknown() {
        let sessions = PollingSessions::default();
        let handle = DisconnectHandle::default();
        sessions.add(r#"0{"sid":"here"}"#, &handle);
        assert!(matches!(sessions.find("here"), PollingSession::Open(_)));
        drop(handle);
        assert!(matches!(sessions.find("here"), PollingSession::Ended));
        assert!(matches!(sessions.find("there"), PollingSession::Unknown));
    }

    #[test]
    fn warnings_are_due_once_a_minute() {
        let (limit, start) = (WarningLimit::default(), Instant::now());
        assert!(limit.is_due(start));
        assert!(!limit.is_due(start + WARNING_INTERVAL / 2));
        assert!(limit.is_due(start + WARNING_INTERVAL));
        assert!(!limit.is_due(start + WARNING_INTERVAL));
    }
}
