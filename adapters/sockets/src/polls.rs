//! Polling sessions, so that one can be cut off.
//!
//! A polling page has no line to cut. Told to disconnect, the stock client would stay away until a reload;
//! so its requests are refused instead, which it takes for a lost connection.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use crate::line::{Scissors, WeakScissors};

/// The sessions that opened, until the engine forgets them.
#[derive(Default)]
pub(crate) struct Polls(Mutex<State>);

#[derive(Default)]
struct State {
    sessions: HashMap<String, WeakScissors>,
    /// At how many sessions to look for ended ones.
    sweep_at: usize,
}

/// Fewer sessions than this are not worth a sweep.
const SMALLEST_SWEEP: usize = 64;

impl Polls {
    /// Notes the session that `packet` opens.
    pub(crate) fn opened(&self, packet: &str, scissors: &Scissors) {
        let opening = packet.strip_prefix('0').map(serde_json::from_str::<Value>);
        let Some(Ok(opening)) = opening else { return };
        let Some(sid) = opening.get("sid").and_then(Value::as_str) else {
            return;
        };
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.sessions.len() >= state.sweep_at {
            state.sessions.retain(|_, session| session.upgrade().is_some());
            state.sweep_at = (state.sessions.len() * 2).max(SMALLEST_SWEEP);
        }
        state.sessions.insert(sid.to_owned(), scissors.downgrade());
    }

    /// What cuts this session off, if it lives.
    pub(crate) fn scissors(&self, sid: &str) -> Option<Scissors> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.sessions.get(sid)?.upgrade()
    }
}
