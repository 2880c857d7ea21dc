//! Browser sessions: a handle for what has to be remembered between the requests of one browser.
//!
//! An operation takes [`Session`] and gets, sets and removes values; the layer (`middleware/session.rs`) keeps them:
//! in a signed cookie, or on the server under an id that the cookie holds ([`Sessions`]). A request that does not touch
//! its session costs nothing and gets no cookie.

mod sessions;
mod signed;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use poem::{FromRequest, Request, RequestBody};
use serde_json::{Map, Value};

use crate::error::ApiError;

pub(crate) use sessions::COOKIE as SESSION_COOKIE;
pub use sessions::{CookieOptions, Sessions};
use sessions::{LoadedSession, Origin};

/// The session of the browser that asks.
#[derive(Clone)]
pub struct Session(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    data: Map<String, Value>,
    changed: bool,
}

impl Session {
    pub(crate) fn with(data: Map<String, Value>) -> Self {
        Self(Arc::new(Mutex::new(State { data, changed: false })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was set under a name.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.state().data.get(name).cloned()
    }

    /// Every name that something is set under.
    pub fn names(&self) -> Vec<String> {
        self.state().data.keys().cloned().collect()
    }

    /// Sets a value.
    pub fn set(&self, name: &str, value: Value) {
        let mut state = self.state();
        if state.data.get(name) != Some(&value) {
            state.data.insert(name.to_owned(), value);
            state.changed = true;
        }
    }

    /// Takes a value away; answers what it was.
    pub fn remove(&self, name: &str) -> Option<Value> {
        let mut state = self.state();
        let removed = state.data.shift_remove(name);
        state.changed |= removed.is_some();
        removed
    }

    /// Takes every value away.
    pub fn clear(&self) {
        let mut state = self.state();
        state.changed |= !state.data.is_empty();
        state.data.clear();
    }

    /// What the session holds, if that was changed.
    pub(crate) fn change(&self) -> Option<Map<String, Value>> {
        let state = self.state();
        state.changed.then(|| state.data.clone())
    }
}

/// The session of a request before anybody asked for it: it is read at the first question only.
#[derive(Clone)]
pub(crate) struct LazySession {
    sessions: Arc<Sessions>,
    /// The values of its cookies: other servers on the same domain may have set some of them.
    cookies: Arc<[String]>,
    read: Arc<tokio::sync::OnceCell<(Session, Origin)>>,
}

impl LazySession {
    pub(crate) fn new(sessions: Arc<Sessions>, cookies: Arc<[String]>) -> Self {
        Self {
            sessions,
            cookies,
            read: Arc::default(),
        }
    }

    async fn session(&self) -> Result<Session, ApiError> {
        let read = self.read.get_or_try_init(|| async {
            let LoadedSession { data, origin } = self.sessions.find(&self.cookies).await?;
            Ok::<_, ApiError>((Session::with(data), origin))
        });
        Ok(read.await?.0.clone())
    }

    /// The cookie that the answer has to set, if the session was changed; stores what it holds now.
    pub(crate) async fn persist(&self) -> Result<Option<String>, ApiError> {
        let Some((session, origin)) = self.read.get() else {
            return Ok(None);
        };
        let Some(data) = session.change() else {
            return Ok(None);
        };
        Ok(self.sessions.persist(origin, &data).await?)
    }
}

impl<'a> FromRequest<'a> for Session {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        let unread = request
            .extensions()
            .get::<LazySession>()
            .ok_or_else(|| ApiError::unexpected(&"no session layer around the route".into()))?;
        Ok(unread.session().await?)
    }
}
