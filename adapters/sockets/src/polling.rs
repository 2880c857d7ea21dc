//! Polling sessions, so that one can be disconnected, and continued by nobody but the client that opened it.
//!
//! The engine names a session as it names the socket, which is no secret: it is the `session_id` of requests. So the client
//! gets another name for its session, which only its requests bear.
//!
//! A polling client has no connection to close. Told to disconnect, the stock client would stay away until a reload; so
//! its requests are refused instead, which it takes for a lost connection.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::stall_guard::{DisconnectHandle, WeakDisconnectHandle};

/// The polling sessions of this instance, until the engine forgets them.
#[derive(Default)]
pub(crate) struct PollingSessions(Mutex<State>);

#[derive(Default)]
struct State {
    /// By the client's name.
    sessions: HashMap<String, Session>,
    /// At how many sessions ended ones are removed.
    sweep_at: usize,
}

struct Session {
    /// The engine's name.
    sid: String,
    handle: WeakDisconnectHandle,
}

/// Below this many sessions nothing is removed.
const MIN_SWEEP: usize = 64;

impl PollingSessions {
    /// Adds the session that the opening packet announces; answers the packet for the client, with its own name of the
    /// session and without the offer of websockets: the engine makes it even where it would refuse them, and clients
    /// would try. None for any other packet.
    pub(crate) fn add(&self, packet: &str, handle: &DisconnectHandle) -> Option<String> {
        let mut opening: Value = serde_json::from_str(packet.strip_prefix('0')?).ok()?;
        let secret = Uuid::new_v4().simple().to_string();
        let Some(Value::String(sid)) = opening.get_mut("sid").map(Value::take) else {
            return None;
        };
        opening["sid"] = json!(secret);
        opening["upgrades"] = json!([]);
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.sessions.len() >= state.sweep_at {
            state
                .sessions
                .retain(|_, session| session.handle.upgrade().is_some());
            state.sweep_at = (state.sessions.len() * 2).max(MIN_SWEEP);
        }
        let handle = handle.downgrade();
        state.sessions.insert(secret, Session { sid, handle });
        Some(format!("0{opening}"))
    }

    /// Looks a session up by the client's name.
    pub(crate) fn find(&self, secret: &str) -> PollingSession {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.sessions.get(secret) {
            None => PollingSession::Unknown,
            Some(session) => match session.handle.upgrade() {
                None => PollingSession::Ended,
                Some(handle) => PollingSession::Open {
                    sid: session.sid.clone(),
                    handle,
                },
            },
        }
    }
}

/// The state of a session.
pub(crate) enum PollingSession {
    /// It is open.
    Open {
        /// The engine's name.
        sid: String,
        /// Disconnects it.
        handle: DisconnectHandle,
    },
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
        let opening = r#"0{"sid":"here","upgrades":["websocket"],"pingInterval":25000}"#;
        let packet = sessions.add(opening, &handle).expect("an opening packet");
        let shown: Value = serde_json::from_str(&packet[1..]).expect("JSON");
        let secret = shown["sid"].as_str().expect("a name").to_owned();
        assert_eq!(
            shown,
            json!({"sid": secret, "upgrades": [], "pingInterval": 25000})
        );
        assert!(
            matches!(sessions.find(&secret), PollingSession::Open { sid, .. } if sid == "here"),
            "by the client's name"
        );
        assert!(
            matches!(sessions.find("here"), PollingSession::Unknown),
            "not by the engine's"
        );
        drop(handle);
        assert!(matches!(sessions.find(&secret), PollingSession::Ended));
        let handle = DisconnectHandle::default();
        for packet in ["", "0", "0{}", "0[]", r#"0{"sid":1}"#, r#"4{"sid":"a"}"#, "0{"] {
            assert_eq!(sessions.add(packet, &handle), None, "{packet}");
        }
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
