//! What comes in as others send it: bodies that are no strict JSON, null characters, and requests for parts of files.

use poem::Request;
use poem::http::{HeaderValue, Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{Postgres, TestApp};

/// Sends a body as it is.
async fn send(app: &TestApp, token: &str, path: &str, body: impl Into<Vec<u8>>) -> (u16, Value) {
    let request = Request::builder()
        .method(Method::POST)
        .uri_str(path)
        .header("authorization", format!("Bearer {token}"))
        .content_type("application/json")
        .body(body.into());
    let response = app.send(request).await;
    let status = response.status().as_u16();
    let bytes = response.into_body().into_bytes().await.unwrap();
    (
        status,
        keelson_domain::shared::json::read(&bytes).unwrap_or_default(),
    )
}

fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

/// Bodies that the reference takes, with the title that is stored.
async fn odd_bodies(app: &TestApp, token: &str) {
    let deep = format!(r#"{{"chat": {{"title": "deep", "x": {}}}}}"#, nested(200));
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (br#"{"chat": {"title": "cut \ud83d"}}"#.to_vec(), "cut "),
        (br#"{"chat": {"title": "\ude00 cut"}}"#.to_vec(), " cut"),
        (
            br#"{"chat": {"title": "whole \ud83d\ude00\ud83d"}}"#.to_vec(),
            "whole \u{1f600}",
        ),
        (br#"{"chat": {"title": "key", "\ud83d": 1}}"#.to_vec(), "key"),
        (b"\xef\xbb\xbf{\"chat\": {\"title\": \"mark\"}}".to_vec(), "mark"),
        (br#"{"chat": {"title": "nan", "x": NaN}}"#.to_vec(), "nan"),
        (
            br#"{"chat": {"title": "inf", "x": [Infinity, -Infinity, 1e400]}}"#.to_vec(),
            "inf",
        ),
        (b"{\"chat\": {\"title\": \"b\xffd\"}}".to_vec(), "b\u{fffd}d"),
        (
            br#"{"chat": {"title": "n\u0000ul\u0000", "\u0000k": {"a": ["\u0000"]}}}"#.to_vec(),
            "nul",
        ),
        (br#"{"chat": {"title": "text \\u0000"}}"#.to_vec(), "text \\u0000"),
        (deep.into_bytes(), "deep"),
    ];
    for (body, title) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(80)]).into_owned();
        let (status, made) = send(app, token, "/api/v1/chats/new", body.clone()).await;
        assert_eq!((status, &made["title"]), (200, &json!(title)), "{shown}: {made}");
        let id = made["id"].as_str().unwrap();
        let (status, changed) = send(app, token, &format!("/api/v1/chats/{id}"), body).await;
        assert_eq!(
            (status, &changed["chat"]["title"]),
            (200, &json!(title)),
            "{shown}"
        );
        let stored = app.get(&format!("/api/v1/chats/{id}"), token).await;
        assert_eq!(stored["title"], json!(title), "{shown}");
    }
    for body in [
        r#"{"chat": {"title": "cut"#,
        r#"{"chat": {"title": nan}}"#,
        r#"{"chat": {"title": 'a'}}"#,
        r#"{"chat": {"title": "a",}}"#,
        "// x\n{\"chat\": {}}",
        r#"{"chat": {}} {}"#,
        "",
        r#"{"chat": {"x": "\u12"}}"#,
        &format!(r#"{{"chat": {}}}"#, nested(5_000)),
    ] {
        let (status, answer) = send(app, token, "/api/v1/chats/new", body).await;
        assert_eq!(status, 422, "{body:.60}: {answer}");
        assert!(answer["detail"][0]["loc"].is_array(), "{body:.60}: {answer}");
    }
}

/// Null characters in bodies of every room that writes.
async fn null_characters_in_bodies(app: &TestApp, token: &str) {
    for (path, body) in [
        (
            "/api/v1/auths/signin",
            r#"{"email": "a\u0000@example.test", "password": "x\u0000"}"#,
        ),
        (
            "/api/v1/auths/add",
            r#"{"name": "n\u0000", "email": "n\u0000n@example.test", "password": "a pass\u0000word", "role": "user"}"#,
        ),
        (
            "/api/v1/auths/update/profile",
            r#"{"name": "ad\u0000a", "profile_image_url": "/u\u0000ser.png", "bio": "\u0000"}"#,
        ),
        (
            "/api/v1/users/user/settings/update",
            r#"{"ui": {"\u0000k": "\u0000"}}"#,
        ),
        ("/api/v1/users/user/info/update", r#"{"k\u0000": "\u0000"}"#),
        (
            "/api/v1/users/user/status/update",
            r#"{"status_message": "\u0000 x", "status_emoji": "\u0000"}"#,
        ),
        (
            "/api/v1/groups/create",
            r#"{"name": "g\u0000", "description": "\u0000"}"#,
        ),
        ("/api/v1/folders/", r#"{"name": "f\u0000"}"#),
        ("/api/v1/chats/tags", r#"{"name": "t\u0000"}"#),
        (
            "/api/v1/models/create",
            r#"{"id": "m\u0000", "base_model_id": "b\u0000", "name": "\u0000m", "meta": {"\u0000": 1}, "params": {"x": "\u0000"}}"#,
        ),
        (
            "/api/v1/configs/banners",
            r#"{"banners": [{"id": "b\u0000", "type": "info", "content": "\u0000", "dismissible": true, "timestamp": 1}]}"#,
        ),
        ("/api/webhook", r#"{"url": "\u0000"}"#),
        (
            "/api/v1/chats/import",
            r#"{"chats": [{"chat": {"title": "i\u0000", "\u0000": "\u0000"}, "meta": {"tags": ["\u0000"]}}]}"#,
        ),
    ] {
        let (status, answer) = send(app, token, path, body).await;
        assert!(status < 500, "{path}: {status} {answer}");
    }
    let everything = app.get("/api/v1/users/user/settings", token).await;
    assert_eq!(everything["ui"], json!({"k": ""}), "what is stored holds none");
}

/// Null characters in addresses: left out of queries, refused in paths.
async fn null_characters_in_addresses(app: &TestApp, token: &str) {
    for path in [
        "/api/v1/chats/search?text=%00",
        "/api/v1/chats/search?text=tag:%00",
        "/api/v1/users/?query=%00",
        "/api/v1/users/search?query=a%00d",
        "/api/v1/models/list?query=%00&tag=%00",
        "/api/v1/models/model?id=%00",
        "/api/v1/models/model/profile/image?id=%00",
        "/api/v1/chats/list/user/nobody?query=%00",
        "/api/v1/chats/archived?query=%00",
        "/api/config?%00=%00",
    ] {
        for token in [Some(token), None] {
            let answer = app.ask(Method::GET, path, token, None).await;
            assert!(!answer.status.is_server_error(), "{path}: {}", answer.body);
        }
    }
    for path in [
        "/api/v1/chats/%00",
        "/api/v1/chats/a%00b",
        "/api/v1/chats/share/%00",
        "/api/v1/users/%00",
        "/api/v1/users/%00/profile/image",
        "/api/v1/folders/%00",
        "/api/v1/groups/id/%00",
        "/api/tasks/chat/%00",
        "/cache/%00",
        "/static/%00.png",
        "/%00",
    ] {
        for token in [Some(token), None] {
            let answer = app.ask(Method::GET, path, token, None).await;
            assert_eq!(
                answer.status,
                StatusCode::UNPROCESSABLE_ENTITY,
                "{path}: {}",
                answer.body
            );
            assert_eq!(answer.body["detail"][0]["loc"], json!(["path"]), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_addresses_on_sqlite() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    odd_bodies(&app, &ada).await;
    null_characters_in_bodies(&app, &ada).await;
    null_characters_in_addresses(&app, &ada).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_and_addresses_on_postgres() {
    let server = Postgres::start();
    let app = TestApp::with(&[("DATABASE_URL", &server.url())]).await;
    let ada = app.sign_up("ada").await;
    odd_bodies(&app, &ada).await;
    null_characters_in_bodies(&app, &ada).await;
    null_characters_in_addresses(&app, &ada).await;
    app.close().await;
}

/// Asks for a file with headers; answers the status, some headers of the answer, and its body.
async fn file(
    app: &TestApp,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, poem::http::HeaderMap, String) {
    let mut request = Request::builder().method(method).uri_str(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.send(request.finish()).await;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    (
        status,
        headers,
        response.into_body().into_string().await.unwrap_or_default(),
    )
}

/// Conditions by the tag and the time of a file decide whether it is sent, and whether a part of it.
async fn conditions_are_kept(app: &TestApp, tag: &str, changed: &str) {
    let (past, future) = ("Sat, 01 Jan 2000 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT");
    let part = ("range", "bytes=0-3");
    for (headers, status) in [
        (vec![("if-none-match", tag)], 304),
        (vec![("if-none-match", "*")], 304),
        (vec![("if-none-match", "\"other\"")], 200),
        (
            vec![("if-none-match", "\"other\""), ("if-modified-since", future)],
            200,
        ),
        (vec![("if-modified-since", changed)], 304),
        (vec![("if-modified-since", past)], 200),
        (vec![("if-modified-since", "nonsense")], 200),
        (vec![("if-match", tag)], 200),
        (vec![("if-match", "\"other\"")], 412),
        (vec![("if-match", tag), ("if-unmodified-since", past)], 200),
        (vec![("if-unmodified-since", past)], 412),
        (vec![("if-unmodified-since", future)], 200),
        (vec![("if-match", "\"other\""), part], 412),
        (vec![("if-range", tag), part], 206),
        (vec![("if-range", "\"other\""), part], 200),
        (vec![("if-range", changed), part], 206),
        (vec![("if-range", past), part], 200),
        (vec![("if-none-match", tag), part], 304),
    ] {
        let (got, answered, _) = file(app, Method::GET, "/static/a.txt", &headers).await;
        assert_eq!(got, status, "{headers:?}");
        if status == 304 {
            assert_eq!(answered["etag"], tag, "{headers:?}");
            assert!(answered.contains_key("cache-control"), "{headers:?}");
        }
    }
}

#[tokio::test]
async fn files_are_sent_as_a_file_server_sends_them() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "0123456789").unwrap();
    std::fs::write(folder.path().join("empty.txt"), "").unwrap();
    let app = TestApp::with(&[("STATIC_DIR", folder.path().to_str().unwrap())]).await;
    let (status, whole, text) = file(&app, Method::GET, "/static/a.txt", &[]).await;
    assert_eq!((status, text.as_str()), (200, "0123456789"));
    assert_eq!(whole["accept-ranges"], "bytes");
    let (tag, changed) = (
        whole["etag"].to_str().unwrap(),
        whole["last-modified"].to_str().unwrap(),
    );

    for (range, status, content_range, text) in [
        ("bytes=0-3", 206, "bytes 0-3/10", "0123"),
        ("bytes=4-", 206, "bytes 4-9/10", "456789"),
        ("bytes=-2", 206, "bytes 8-9/10", "89"),
        ("bytes=8-100", 206, "bytes 8-9/10", "89"),
        ("bytes=10-", 416, "bytes */10", ""),
        ("bytes=99-100", 416, "bytes */10", ""),
        ("bytes=-0", 416, "bytes */10", ""),
        ("bytes=5-2", 200, "", "0123456789"),
        ("bytes=0-1,4-5", 200, "", "0123456789"),
        ("lines=1-2", 200, "", "0123456789"),
        ("nonsense", 200, "", "0123456789"),
    ] {
        let (got, headers, body) = file(&app, Method::GET, "/static/a.txt", &[("range", range)]).await;
        let given = headers
            .get("content-range")
            .map_or("", |value| value.to_str().unwrap());
        assert_eq!((got, given), (status, content_range), "{range}");
        if status != 416 {
            assert_eq!(body, text, "{range}");
        }
    }
    conditions_are_kept(&app, tag, changed).await;
    let (status, headers, text) = file(&app, Method::HEAD, "/static/a.txt", &[("range", "bytes=0-3")]).await;
    assert_eq!(
        (status, text.as_str(), &headers["content-length"]),
        (200, "", &HeaderValue::from(10))
    );
    let (status, ..) = file(&app, Method::GET, "/static/empty.txt", &[]).await;
    assert_eq!(status, 200);
    let (status, headers, _) = file(&app, Method::GET, "/static/empty.txt", &[("range", "bytes=0-")]).await;
    assert_eq!(
        (status, &headers["content-range"]),
        (416, &HeaderValue::from_static("bytes */0"))
    );
    let (status, ..) = file(&app, Method::GET, "/static/missing.txt", &[("range", "bytes=0-")]).await;
    assert_eq!(status, 404);
    let (status, ..) = file(&app, Method::POST, "/static/a.txt", &[]).await;
    assert_eq!(status, 405);
    app.close().await;
}
