//! Where sessions are stored: in a signed cookie, or on the server.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use keelson_domain::config::deployment::SameSite;
use keelson_domain::session::{SessionId, SessionStore};
use keelson_domain::shared::{Clock, Ids, StoreResult};
use poem::web::cookie::{Cookie, SameSite as CookieSameSite};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::signed::Signer;

/// The cookie.
pub(crate) const COOKIE: &str = "owui-session";
/// How long a signed cookie is valid: 14 days, in seconds (starlette's default, which the reference leaves).
const SIGNED_LIFE: i64 = 14 * 24 * 3600;
/// How long the server remembers a session that lives as long as the browser is open (starsessions' default).
const STORED_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// What starsessions keeps beside the data.
const METADATA: &str = "__metadata__";
/// How many cookies of one request are tried at most: each may be a question to the store.
const MAX_TRIED: usize = 8;

/// How the cookie is protected.
#[derive(Debug, Clone, Copy, Default)]
pub struct CookieOptions {
    /// `WEBUI_SESSION_COOKIE_SAME_SITE`.
    pub same_site: SameSite,
    /// `WEBUI_SESSION_COOKIE_SECURE`.
    pub secure: bool,
}

/// Where sessions are stored, and how their cookie looks.
pub struct Sessions {
    backend: Backend,
    options: CookieOptions,
    clock: Arc<dyn Clock>,
}

enum Backend {
    Cookie(Signer),
    Store(Arc<dyn SessionStore>, Arc<dyn Ids>),
}

/// What a request brought.
pub(crate) struct LoadedSession {
    pub(crate) data: Map<String, Value>,
    pub(crate) origin: Origin,
}

/// Where the data of a session came from.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Origin {
    /// There was none, or it is not valid.
    Absent,
    /// A signed cookie.
    Cookie,
    /// The store, with what starsessions keeps beside the data.
    Store(SessionId, Value),
}

impl Sessions {
    /// The cookie holds the session, signed with this key.
    pub fn in_cookie(key: &SecretString, options: CookieOptions, clock: Arc<dyn Clock>) -> Self {
        Self {
            backend: Backend::Cookie(Signer::new(key, SIGNED_LIFE)),
            options,
            clock,
        }
    }

    /// The store holds the session, the cookie its id (`ENABLE_STAR_SESSIONS_MIDDLEWARE`).
    pub fn in_store(
        store: Arc<dyn SessionStore>,
        ids: Arc<dyn Ids>,
        options: CookieOptions,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            backend: Backend::Store(store, ids),
            options,
            clock,
        }
    }

    /// Reads the session that the first valid one of some cookies stands for.
    pub(crate) async fn find(&self, cookies: &[String]) -> StoreResult<LoadedSession> {
        for cookie in cookies.iter().take(MAX_TRIED) {
            if let Some(found) = self.read(cookie).await? {
                return Ok(found);
            }
        }
        Ok(LoadedSession {
            data: Map::new(),
            origin: Origin::Absent,
        })
    }

    async fn read(&self, cookie: &str) -> StoreResult<Option<LoadedSession>> {
        match &self.backend {
            Backend::Cookie(signer) => {
                let data = signer.read(cookie, self.clock.now().seconds());
                Ok(data.map(|data| LoadedSession {
                    data,
                    origin: Origin::Cookie,
                }))
            }
            Backend::Store(store, _) => {
                let id = SessionId::from(cookie);
                Ok(store.get(&id).await?.map(|mut data| {
                    let metadata = data.shift_remove(METADATA).unwrap_or_default();
                    LoadedSession {
                        data,
                        origin: Origin::Store(id, metadata),
                    }
                }))
            }
        }
    }

    /// Stores what a session holds now; answers the cookie to set, if one is needed.
    pub(crate) async fn persist(
        &self,
        origin: &Origin,
        data: &Map<String, Value>,
    ) -> StoreResult<Option<String>> {
        if data.is_empty() {
            return self.remove(origin).await;
        }
        match &self.backend {
            Backend::Cookie(signer) => {
                let value = signer.sign(data, self.clock.now().seconds());
                let mut cookie = self.cookie(&value);
                cookie.set_max_age(Duration::from_secs(SIGNED_LIFE.unsigned_abs()));
                Ok(Some(cookie.to_string()))
            }
            Backend::Store(store, ids) => {
                let (id, metadata) = match origin {
                    Origin::Store(id, metadata) => (id.clone(), metadata.clone()),
                    // An id that the store does not know is never taken from a client: whoever planted it would know it.
                    _ => (fresh_id(ids.as_ref()), Value::Null),
                };
                store
                    .put(&id, &self.with_metadata(data, &metadata), STORED_LIFE)
                    .await?;
                Ok(Some(self.cookie(id.as_str()).to_string()))
            }
        }
    }

    async fn remove(&self, origin: &Origin) -> StoreResult<Option<String>> {
        if let (Backend::Store(store, _), Origin::Store(id, _)) = (&self.backend, origin) {
            store.delete(id).await?;
        }
        if *origin == Origin::Absent {
            return Ok(None);
        }
        let mut cookie = self.cookie("null");
        cookie.set_expires(DateTime::UNIX_EPOCH);
        Ok(Some(cookie.to_string()))
    }

    /// The data as starsessions keeps it.
    fn with_metadata(&self, data: &Map<String, Value>, before: &Value) -> Map<String, Value> {
        let now = self.clock.now().seconds();
        let created = before.get("created").cloned().unwrap_or_else(|| json!(now));
        let mut data = data.clone();
        data.insert(
            METADATA.to_owned(),
            json!({"lifetime": 0, "created": created, "last_access": now}),
        );
        data
    }

    fn cookie(&self, value: &str) -> Cookie {
        let mut cookie = Cookie::new_with_str(COOKIE, value);
        cookie.set_path("/");
        cookie.set_http_only(true);
        cookie.set_secure(self.options.secure);
        cookie.set_same_site(match self.options.same_site {
            SameSite::Lax => CookieSameSite::Lax,
            SameSite::Strict => CookieSameSite::Strict,
            SameSite::None => CookieSameSite::None,
        });
        cookie
    }
}

/// 32 hexadecimal digits, as starsessions makes them.
fn fresh_id(ids: &dyn Ids) -> SessionId {
    let digits = ids.secret_bytes().iter().fold(String::new(), |mut digits, byte| {
        // Writing into a string cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    });
    SessionId::from(digits)
}
