use std::sync::Arc;

use keelson_domain::config::deployment::SameSite;
use keelson_domain::session::{SessionId, SessionStore};
use keelson_http::session::{CookieOptions, Session, Sessions};
use keelson_http::with_sessions;
use keelson_memory::session::MemorySessions;
use keelson_memory::shared::{CountingIds, FakeClock};
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{Endpoint, EndpointExt, Request, Response, Route, get, handler};
use pretty_assertions::assert_eq;
use secrecy::SecretString;
use serde_json::json;

use crate::support::TestApp;

const LIFE: i64 = 14 * 24 * 3600;

#[handler]
fn plain() -> &'static str {
    "plain"
}

#[handler]
fn look(session: Session) -> String {
    session.get("n").unwrap_or_default().to_string()
}

#[handler]
fn count(session: Session) -> String {
    let n = session.get("n").and_then(|n| n.as_i64()).unwrap_or(0) + 1;
    session.set("n", json!(n));
    n.to_string()
}

#[handler]
fn same(session: Session) -> String {
    session.set("n", session.get("n").unwrap_or_default());
    session.names().join(",")
}

#[handler]
fn remove(session: Session) -> String {
    session.remove("n").unwrap_or_default().to_string()
}

#[handler]
fn clear(session: Session) -> &'static str {
    session.clear();
    "cleared"
}

/// A browser with one cookie.
struct Browser {
    endpoint: BoxEndpoint<'static, Response>,
    cookie: Option<String>,
}

impl Browser {
    fn new(sessions: Sessions) -> Self {
        let routes = Route::new()
            .at("/plain", get(plain))
            .at("/look", get(look))
            .at("/count", get(count))
            .at("/same", get(same))
            .at("/remove", get(remove))
            .at("/clear", get(clear));
        Self {
            endpoint: with_sessions(routes, Arc::new(sessions)).boxed(),
            cookie: None,
        }
    }

    /// Answers the body and the cookie that was set.
    async fn ask(&mut self, path: &str) -> (String, Option<String>) {
        let mut request = Request::builder().uri_str(path);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", format!("a=b; owui-session={cookie}"));
        }
        let response = self.endpoint.call(request.finish()).await.unwrap();
        let set = response.header("set-cookie").map(str::to_owned);
        if let Some(set) = &set {
            let value = set
                .strip_prefix("owui-session=")
                .unwrap()
                .split(';')
                .next()
                .unwrap();
            self.cookie = (value != "null").then(|| value.to_owned());
        }
        (response.into_body().into_string().await.unwrap(), set)
    }
}

fn key() -> SecretString {
    SecretString::from("a key")
}

/// What both kinds of sessions do alike.
async fn remembers(browser: &mut Browser) {
    assert_eq!(browser.ask("/plain").await.1, None);
    assert_eq!(
        browser.ask("/look").await,
        ("null".into(), None),
        "looking sets nothing"
    );
    assert_eq!(browser.ask("/clear").await.1, None, "there was nothing");
    assert_eq!(browser.ask("/count").await.0, "1");
    assert!(browser.cookie.is_some());
    assert_eq!(browser.ask("/plain").await.1, None);
    assert_eq!(browser.ask("/look").await, ("1".into(), None));
    assert_eq!(
        browser.ask("/same").await,
        ("n".into(), None),
        "the same value is no change"
    );
    assert_eq!(browser.ask("/count").await.0, "2");
    assert_eq!(browser.ask("/look").await.0, "2");
    let (was, cookie) = browser.ask("/remove").await;
    assert_eq!(was, "2");
    let cookie = cookie.unwrap();
    assert!(
        cookie.starts_with("owui-session=null; HttpOnly")
            && cookie.ends_with("; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
        "{cookie}"
    );
    assert_eq!(browser.ask("/look").await.0, "null");
}

#[tokio::test]
async fn a_signed_cookie_holds_the_session() {
    let clock = Arc::new(FakeClock::at(1_700_000_000));
    let options = CookieOptions {
        same_site: SameSite::Strict,
        secure: true,
    };
    let mut browser = Browser::new(Sessions::in_cookie(&key(), options, clock.clone()));
    remembers(&mut browser).await;

    let set = browser.ask("/count").await.1.unwrap();
    assert!(
        set.ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=1209600"),
        "{set}"
    );
    clock.advance_seconds(LIFE);
    assert_eq!(browser.ask("/look").await.0, "1");
    clock.advance_seconds(1);
    assert_eq!(browser.ask("/look").await.0, "null", "it is over");
    browser.ask("/count").await;
    browser.cookie = browser.cookie.map(|cookie| format!("x{cookie}"));
    assert_eq!(browser.ask("/look").await, ("null".into(), None), "forged");
}

#[tokio::test]
async fn a_session_store_holds_the_session_under_an_id() {
    let clock = Arc::new(FakeClock::at(1_700_000_000));
    let store = Arc::new(MemorySessions::new(clock.clone()));
    let ids = Arc::new(CountingIds::default());
    let sessions = Sessions::in_store(store.clone(), ids, CookieOptions::default(), clock.clone());
    let mut browser = Browser::new(sessions);
    remembers(&mut browser).await;
    let first = SessionId::from("00000000000000000000000000000001");
    assert_eq!(store.get(&first).await.unwrap(), None, "emptied, so deleted");

    let set = browser.ask("/count").await.1.unwrap();
    assert_eq!(
        set,
        "owui-session=00000000000000000000000000000002; HttpOnly; SameSite=Lax; Path=/"
    );
    clock.advance_seconds(5);
    browser.ask("/count").await;
    let second = SessionId::from("00000000000000000000000000000002");
    let kept = json!({"n": 2, "__metadata__": {"lifetime": 0, "created": 1_700_000_000, "last_access": 1_700_000_005}});
    assert_eq!(
        store.get(&second).await.unwrap(),
        kept.as_object().cloned(),
        "as the reference keeps it"
    );
    assert_eq!(
        browser.ask("/same").await.0,
        "n",
        "what is kept beside is not shown"
    );

    browser.cookie = Some("planted".to_owned());
    browser.ask("/count").await;
    assert_eq!(
        browser.cookie.as_deref(),
        Some("00000000000000000000000000000003"),
        "no id comes from outside"
    );
    clock.advance_seconds(30 * 24 * 3600);
    assert_eq!(browser.ask("/look").await.0, "null", "it is over");
}

/// Looks at the session with one of these lines of cookies.
async fn look_with(browser: &Browser, cookies: &str) -> String {
    let request = Request::builder().uri_str("/look").header("cookie", cookies);
    let response = browser.endpoint.call(request.finish()).await.unwrap();
    response.into_body().into_string().await.unwrap()
}

#[tokio::test]
async fn sessions_are_found_behind_cookies_of_others() {
    let clock = Arc::new(FakeClock::at(1_700_000_000));
    let store = Arc::new(MemorySessions::new(clock.clone()));
    let ids = Arc::new(CountingIds::default());
    for sessions in [
        Sessions::in_cookie(&key(), CookieOptions::default(), clock.clone()),
        Sessions::in_store(store, ids, CookieOptions::default(), clock.clone()),
    ] {
        let mut browser = Browser::new(sessions);
        browser.ask("/count").await;
        let ours = format!("owui-session={}", browser.cookie.clone().unwrap());
        for foreign in [
            "owui-session=",
            "owui-session=null",
            "owui-session=planted",
            "owui-session=e30=.x.y",
            "owui-session=\"a b\"",
            "owui-session=%7B%7D",
            "owui-session=a; owui-session=b",
            "owui-session",
        ] {
            for cookies in [format!("{foreign}; {ours}"), format!("{ours}; {foreign}")] {
                assert_eq!(look_with(&browser, &cookies).await, "1", "{cookies}");
            }
            assert_eq!(look_with(&browser, foreign).await, "null", "{foreign}");
        }
    }
}

#[tokio::test]
async fn a_failing_session_store_is_an_error() {
    let clock = Arc::new(FakeClock::at(0));
    let ids = Arc::new(CountingIds::default());
    let sessions = Sessions::in_store(Arc::new(Broken), ids, CookieOptions::default(), clock);
    let endpoint = with_sessions(Route::new().at("/count", get(count)), Arc::new(sessions));
    let answer = endpoint
        .call(Request::builder().uri_str("/count").finish())
        .await
        .unwrap();
    assert_eq!(answer.status().as_u16(), 500);
}

struct Broken;

#[async_trait::async_trait]
impl SessionStore for Broken {
    async fn get(
        &self,
        _: &SessionId,
    ) -> keelson_domain::shared::StoreResult<Option<serde_json::Map<String, serde_json::Value>>> {
        Ok(None)
    }

    async fn put(
        &self,
        _: &SessionId,
        _: &serde_json::Map<String, serde_json::Value>,
        _: std::time::Duration,
    ) -> keelson_domain::shared::StoreResult<()> {
        Err(keelson_domain::shared::StoreError::unavailable("gone"))
    }

    async fn delete(&self, _: &SessionId) -> keelson_domain::shared::StoreResult<()> {
        Ok(())
    }
}

#[tokio::test]
async fn plain_requests_get_no_session() {
    for stored in ["false", "true"] {
        let app = TestApp::with(&[("ENABLE_STAR_SESSIONS_MIDDLEWARE", stored)]).await;
        let token = app.sign_up("ada").await;
        let request = Request::builder()
            .method(Method::GET)
            .uri_str("/api/v1/auths/")
            .header("authorization", format!("Bearer {token}"))
            .header("cookie", "owui-session=nonsense");
        let response = app.send(request.finish()).await;
        assert!(response.status().is_success());
        let set = response.headers().get_all("set-cookie").iter();
        let set: Vec<_> = set
            .filter(|cookie| cookie.to_str().unwrap().contains("owui-session"))
            .collect();
        assert!(set.is_empty(), "{set:?}");
    }
}
