//! Polling sessions, so that one can be cut off.
//!
//! A polling page has no line to cut. Told to disconnect, the stock client would stay away until a reload;
//! so its requests are refused instead, which it takes for a lost connection.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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

    /// The session of this id.
    pub(crate) fn find(&self, sid: &str) -> Found {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.sessions.get(sid) {
            None => Found::Unknown,
            Some(session) => session.upgrade().map_or(Found::Ended, Found::Open),
        }
    }
}

/// What became of a session.
pub(crate) enum Found {
    /// It lives; this cuts it off.
    Open(Scissors),
    /// It was here.
    Ended,
    /// It opened somewhere else, or long ago.
    Unknown,
}

/// Says at most once in a while that sessions of other instances are asked for here.
#[derive(Default)]
pub(crate) struct Lost(Mutex<Option<Instant>>);

/// How long a [`Lost`] keeps quiet.
const QUIET: Duration = Duration::from_secs(60);

impl Lost {
    /// Whether it is time to say so; then it counts as said.
    pub(crate) fn is_news(&self, now: Instant) -> bool {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let news = said.is_none_or(|said| now.duration_since(said) >= QUIET);
        if news {
            *said = Some(now);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_are_open_then_ended_and_others_unknown() {
        let polls = Polls::default();
        let scissors = Scissors::default();
        polls.opened(r#"0{"sid":"here"}"#, &scissors);
        assert!(matches!(polls.find("here"), Found::Open(_)));
        drop(scissors);
        assert!(matches!(polls.find("here"), Found::Ended));
        assert!(matches!(polls.find("there"), Found::Unknown));
    }

    #[test]
    fn lost_sessions_are_news_once_a_minute() {
        let (lost, start) = (Lost::default(), Instant::now());
        assert!(lost.is_news(start));
        assert!(!lost.is_news(start + QUIET / 2));
        assert!(lost.is_news(start + QUIET));
        assert!(!lost.is_news(start + QUIET));
    }
}
