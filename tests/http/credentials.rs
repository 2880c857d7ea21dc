//! Who a request is from, among credentials of others: proxies in front, and applications beside ours on the same domain.

use poem::Request;
use poem::http::{HeaderValue, Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::support::TestApp;

/// Who a request is from, with these values of `Authorization` and `Cookie`.
async fn status_with(app: &TestApp, authorization: &[&[u8]], cookies: &[&[u8]]) -> u16 {
    let mut request = Request::builder().method(Method::GET).uri_str("/api/v1/auths/");
    for value in authorization {
        request = request.header("authorization", HeaderValue::from_bytes(value).unwrap());
    }
    for value in cookies {
        request = request.header("cookie", HeaderValue::from_bytes(value).unwrap());
    }
    app.send(request.finish()).await.status().as_u16()
}

#[tokio::test]
async fn credentials_of_others_are_passed_over() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let cookie = format!("token={ada}").into_bytes();
    let bearer = format!("Bearer {ada}").into_bytes();
    for other in [
        &b"Basic YWRhOnNlY3JldA=="[..],
        b"basic YWRhOnNlY3JldA==",
        b"Digest username=\"ada\"",
        b"Negotiate YII=",
        b"AWS4-HMAC-SHA256 Credential=x",
        b"Basic",
        b"",
        b"Basic \xff\xfe",
        b"\xc3\xbc",
    ] {
        let shown = other.escape_ascii();
        assert_eq!(
            status_with(&app, &[other], &[&cookie]).await,
            200,
            "{shown} beside a cookie"
        );
        assert_eq!(
            status_with(&app, &[other, &bearer], &[]).await,
            200,
            "{shown} before a bearer"
        );
        assert_eq!(
            status_with(&app, &[&bearer, other], &[]).await,
            200,
            "{shown} behind a bearer"
        );
        assert_eq!(status_with(&app, &[other], &[]).await, 401, "{shown} alone");
    }
    assert_eq!(
        status_with(&app, &[b"Bearer nonsense"], &[&cookie]).await,
        401,
        "a bearer that is wrong is ours, and counts"
    );
    for other in [
        &b"name=J\xfcrgen"[..],
        b"\xff=\xfe",
        b"city=\xe6\x9d\xb1\xe4\xba\xac",
        b"a=%00",
        b"a=%ff%fe",
        b"a=\"b",
        b"=;;=",
        b"tokens=x; atoken=y",
        b"_ga=GA1.1.1; \xfc",
        b"",
    ] {
        let shown = other.escape_ascii();
        let before = [other, b"; ", &cookie].concat();
        let behind = [&cookie, &b"; "[..], other].concat();
        assert_eq!(
            status_with(&app, &[], &[&before]).await,
            200,
            "{shown} before ours"
        );
        assert_eq!(
            status_with(&app, &[], &[&behind]).await,
            200,
            "{shown} behind ours"
        );
        assert_eq!(
            status_with(&app, &[], &[other, &cookie]).await,
            200,
            "{shown} in a header of its own"
        );
        assert_eq!(status_with(&app, &[], &[other]).await, 401, "{shown} alone");
    }
    app.close().await;
}

#[tokio::test]
async fn addresses_stored_with_capitals_sign_in() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    app.add_user(&ada, "ben").await;
    for (stored, typed) in [
        ("Ben@Example.Test", "ben@example.test"),
        ("Ben@Example.Test", "Ben@Example.Test"),
        ("BEN@EXAMPLE.TEST", " ben@example.test "),
        ("ben@example.TEST", "BEN@EXAMPLE.TEST"),
        ("bEn@example.test", "Ben@example.test"),
        ("Bén@example.test", "BÉN@example.test"),
        ("ÄÖÜ@example.test", "äöü@example.test"),
        ("ben@example.test", "Ben@Example.Test"),
    ] {
        for table in ["user", "auth"] {
            app.sql(&format!(
                "UPDATE \"{table}\" SET email = '{stored}' WHERE email <> 'ada@example.test'"
            ))
            .await;
        }
        let body = json!({"email": typed, "password": "a password"});
        let answer = app
            .ask(Method::POST, "/api/v1/auths/signin", None, Some(body))
            .await;
        assert_eq!(
            answer.status,
            StatusCode::OK,
            "{stored} as {typed}: {}",
            answer.body
        );
        assert_eq!(answer.body["email"], json!(stored));
        let again = json!({"name": "Twin", "email": typed, "password": "a password", "role": "user"});
        let twin = app
            .ask(Method::POST, "/api/v1/auths/add", Some(&ada), Some(again))
            .await;
        assert_eq!(
            twin.status,
            StatusCode::BAD_REQUEST,
            "{stored} is taken for {typed}: {}",
            twin.body
        );
    }
    app.close().await;
}

/// The answer to a request with these cookies, each header of them a line.
async fn ask_with(app: &TestApp, path: &str, cookies: &[String]) -> poem::Response {
    let mut request = Request::builder().method(Method::GET).uri_str(path);
    for line in cookies {
        request = request.header("cookie", line.as_str());
    }
    app.send(request.finish()).await
}

#[tokio::test]
async fn cookies_of_one_name_are_all_tried() {
    let app = TestApp::with(&[("ENABLE_API_KEYS", "true")]).await;
    let ada = app.sign_up("ada").await;
    let ben = app.add_user(&ada, "ben").await;
    let (header, rest) = ada.split_once('.').unwrap();
    for foreign in [
        "token=abc",
        "token=",
        "token=null",
        "token=\"quoted\"",
        "token=%7B%22a%22%3A1%7D",
        "token=sk-0123456789abcdef",
        "token=a.b.c",
        "token=e30.e30.e30",
        &format!("token={header}.{}", rest.to_uppercase()),
        "TOKEN=abc; Token=abc",
        "token=a; token=b; token=c",
        "token",
    ] {
        let ours = format!("token={ada}");
        for cookies in [
            vec![format!("{foreign}; {ours}")],
            vec![format!("{ours}; {foreign}")],
            vec![format!("x=1; {foreign}; y=2; {ours}; {foreign}")],
            vec![foreign.to_owned(), ours.clone()],
            vec![ours.clone(), foreign.to_owned()],
        ] {
            let answer = ask_with(&app, "/api/v1/auths/", &cookies).await;
            assert_eq!(answer.status(), StatusCode::OK, "{cookies:?}");
            let set = answer.headers()["set-cookie"].to_str().unwrap();
            assert!(set.starts_with(&ours), "the cookie is set anew: {set}");
        }
        let alone = ask_with(&app, "/api/v1/auths/", &[foreign.to_owned()]).await;
        assert_eq!(alone.status(), StatusCode::UNAUTHORIZED, "{foreign} alone");
    }
    let both = [format!("token={ben}; token={ada}")];
    let answer = ask_with(&app, "/api/v1/auths/", &both).await;
    let body = answer.into_body().into_string().await.unwrap();
    assert!(
        body.contains("ben@example.test"),
        "the first valid one counts: {body}"
    );
    app.close().await;
}

#[tokio::test]
async fn signing_out_ends_our_token_behind_those_of_others() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let before = [format!("token=abc; token={ada}")];
    assert_eq!(
        ask_with(&app, "/api/v1/auths/", &before).await.status(),
        StatusCode::OK
    );
    let out = ask_with(&app, "/api/v1/auths/signout", &before).await;
    assert_eq!(out.status(), StatusCode::OK);
    let answer = ask_with(&app, "/api/v1/auths/", &before).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "the token was revoked");
    app.close().await;
}

#[tokio::test]
async fn only_so_many_cookies_are_tried() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    for (foreign, status) in [
        (7, StatusCode::OK),
        (8, StatusCode::UNAUTHORIZED),
        (500, StatusCode::UNAUTHORIZED),
    ] {
        let cookies = [format!("{}token={ada}", "token=sk-x; ".repeat(foreign))];
        let answer = ask_with(&app, "/api/v1/auths/", &cookies).await;
        assert_eq!(answer.status(), status, "behind {foreign} others");
    }
    app.close().await;
}

#[tokio::test]
async fn the_audit_log_names_who_asked_behind_cookies_of_others() {
    let app = TestApp::with(&[
        ("AUDIT_LOG_LEVEL", "METADATA"),
        ("AUDIT_EXCLUDED_PATHS", "/chats"),
    ])
    .await;
    let ada = app.sign_up("ada").await;
    let request = Request::builder()
        .method(Method::POST)
        .uri_str("/api/v1/folders/")
        .header("cookie", format!("token=abc; token={ada}"))
        .content_type("application/json")
        .body(json!({"name": "F"}).to_string());
    let answer = app.send(request).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.into_body().into_bytes().await.unwrap();
    let entry = app.audit_log().await.pop().unwrap();
    assert_eq!(entry["user"]["name"], "ada", "{entry}");
    app.close().await;
}
