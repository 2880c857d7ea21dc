//! How much a request may be: bytes, values, characters of a field; and how much of it an error shows.

use keelson_domain::shared::json;
use poem::Request;
use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::TestApp;

/// Sends a body as it is, with a token or none; answers the status, the document, and the answer's length.
async fn send(app: &TestApp, token: Option<&str>, path: &str, body: String) -> (u16, Value, usize) {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri_str(path)
        .content_type("application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let response = app.send(request.body(body)).await;
    let status = response.status().as_u16();
    let bytes = response.into_body().into_bytes().await.unwrap();
    (status, json::read(&bytes).unwrap_or_default(), bytes.len())
}

fn zeros(count: usize) -> String {
    format!("[{}0]", "0,".repeat(count - 1))
}

#[tokio::test]
async fn bodies_have_a_largest_size_by_operation() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let mb = 1024 * 1024;
    for (path, token, size, allowed) in [
        ("/api/v1/auths/signin", None, 70_000, 65_536),
        ("/api/v1/auths/signup", None, 20 * mb, 65_536),
        ("/api/v1/auths/ldap", None, 70_000, 65_536),
        ("/api/v1/auths/update/profile", Some(&ada), 2 * mb, mb),
        ("/api/v1/auths/add", Some(&ada), 2 * mb, mb),
        ("/api/v1/groups/create", Some(&ada), 2 * mb, mb),
        ("/api/v1/folders/", Some(&ada), 17 * mb, 16 * mb),
        ("/api/v1/users/user/settings/update", Some(&ada), 17 * mb, 16 * mb),
        ("/api/v1/models/create", Some(&ada), 17 * mb, 16 * mb),
        ("/api/v1/configs/import", Some(&ada), 17 * mb, 16 * mb),
    ] {
        let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(size));
        let (status, answer, _) = send(&app, token.map(String::as_str), path, body).await;
        let detail = answer["detail"].as_str().unwrap_or_default();
        assert_eq!(status, 413, "{path}: {answer}");
        assert!(detail.contains(&allowed.to_string()), "{path}: {detail}");
    }
    // What somebody sends who may not send it is not read at all.
    let body = format!(r#"{{"name": "{}"}}"#, "x".repeat(2 * mb));
    let (status, ..) = send(&app, None, "/api/v1/groups/create", body).await;
    assert_eq!(status, 401);
    let chat = json!({"chat": {"title": "long", "x": "x".repeat(20 * mb)}});
    let (status, made, _) = send(&app, Some(&ada), "/api/v1/chats/new", chat.to_string()).await;
    assert_eq!((status, &made["title"]), (200, &json!("long")));
}

/// Bodies of many values in few bytes, with the path that each is sent to, and whether somebody signed in sends it.
fn crowded_bodies() -> Vec<(&'static str, bool, String)> {
    let many = zeros(100_000);
    let nested = format!("{}{}", "[".repeat(500), "]".repeat(500));
    let nests = format!("[{}0]", format!("{nested},").repeat(50));
    let keys: String = (0..50_000).map(|nth| format!(r#""{nth}":0,"#)).collect();
    let mut bodies = vec![
        (
            "/api/v1/auths/signin",
            false,
            format!(r#"{{"email":{}}}"#, zeros(30_000)),
        ),
        (
            "/api/v1/auths/signup",
            false,
            format!(r#"{{"name":{}}}"#, zeros(10_000)),
        ),
        ("/api/v1/chats/import", true, format!(r#"{{"chats":{many}}}"#)),
        (
            "/api/v1/users/user/settings/update",
            true,
            format!(r#"{{"ui":{{"x":{many}}}}}"#),
        ),
        (
            "/api/v1/models/import",
            true,
            format!(r#"{{"models":[{{"id":"a","x":{many}}}]}}"#),
        ),
        (
            "/api/chat/completions",
            true,
            format!(r#"{{"model":"a","messages":{many}}}"#),
        ),
        (
            "/api/v1/tasks/title/completions",
            true,
            format!(r#"{{"model":"a","x":{many}}}"#),
        ),
        (
            "/api/v1/chats/new",
            true,
            format!(r#"{{"chat":{{{keys}"a":0}}}}"#),
        ),
    ];
    for value in [
        many.clone(),
        nests,
        many.replace('0', "\"\""),
        many.replace('0', "NaN"),
    ] {
        bodies.push((
            "/api/v1/chats/new",
            true,
            format!(r#"{{"chat":{{"x":{value}}}}}"#),
        ));
    }
    bodies
}

#[tokio::test]
async fn documents_of_nothing_but_values_are_refused_unread() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    for (path, is_signed_in, body) in crowded_bodies() {
        let token = is_signed_in.then_some(ada.as_str());
        let (status, answer, length) = send(&app, token, path, body).await;
        assert_eq!(
            (status, &answer["detail"][0]["type"]),
            (422, &json!("too_many_values")),
            "{path}: {answer}"
        );
        assert!(length < 1_000, "{path}: {length}");
    }
    let listed = app.get("/api/v1/chats/", &ada).await;
    assert_eq!(listed, json!([]));
    // Few bytes a value are no fault where there are few values, or where they are numbers of tokens.
    let tokens = zeros(100_000);
    for (path, body) in [
        (
            "/api/v1/chats/new",
            format!(r#"{{"chat":{{"title":"a","x":{}}}}}"#, zeros(5_000)),
        ),
        (
            "/api/embeddings",
            format!(r#"{{"model":"none","input":{tokens}}}"#),
        ),
    ] {
        let (_, answer, _) = send(&app, Some(&ada), path, body).await;
        let kind = &answer["detail"][0]["type"];
        assert_ne!(*kind, json!("too_many_values"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn errors_are_few_and_show_a_piece() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let long = "é".repeat(30_000);
    for (path, token, body, errors) in [
        (
            "/api/v1/auths/signin",
            None,
            format!(r#"{{"email":["{long}"]}}"#),
            2,
        ),
        (
            "/api/v1/auths/signin",
            None,
            format!(r#"{{"email":{}}}"#, zeros(900)),
            2,
        ),
        (
            "/api/v1/auths/signin",
            None,
            format!(r#"{{"email":{{"{long}":1}},"password":1}}"#),
            2,
        ),
        ("/api/v1/auths/signin", None, format!(r#"["{long}"]"#), 1),
        ("/api/v1/auths/signin", None, format!(r#""{long}""#), 1),
        (
            "/api/v1/chats/import",
            Some(&ada),
            format!(r#"{{"chats":{}}}"#, zeros(5_000)),
            100,
        ),
        (
            "/api/v1/chats/import",
            Some(&ada),
            format!(r#"{{"chats":"{long}"}}"#),
            1,
        ),
        (
            "/api/v1/chats/import",
            Some(&ada),
            format!(r#"{{"chats":[{}]}}"#, vec!["{}"; 3_000].join(",")),
            100,
        ),
        (
            "/api/v1/configs/banners",
            Some(&ada),
            format!(r#"{{"banners":{}}}"#, zeros(5_000)),
            100,
        ),
    ] {
        let (status, answer, length) = send(&app, token.map(String::as_str), path, body).await;
        let found = answer["detail"].as_array().map_or(0, Vec::len);
        assert_eq!((status, found), (422, errors), "{path}: {length}");
        assert!(length < 100_000, "{path}: {length}");
    }
    let request = Request::builder()
        .method(Method::POST)
        .uri_str("/api/v1/auths/signin")
        .content_type("text/plain")
        .body(long);
    let response = app.send(request).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let text = response.into_body().into_string().await.unwrap();
    assert!(text.len() < 2_000, "{}", text.len());
}

#[tokio::test]
async fn texts_have_a_longest_length() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let profile = |name: &str, bio: &str| json!({"name": name, "bio": bio, "profile_image_url": "/user.png"});
    let fits = |count: usize| "é".repeat(count);
    let folder = |name: String| json!({"name": name});
    let tag = |name: String| json!({"name": name});
    let made = app
        .post("/api/v1/chats/new", &ada, json!({"chat": {"title": "a"}}))
        .await;
    let tags = format!("/api/v1/chats/{}/tags", made["id"].as_str().unwrap());
    for (path, body, field, most) in [
        (
            "/api/v1/auths/update/profile",
            profile(&fits(1_001), ""),
            "name",
            1_000,
        ),
        (
            "/api/v1/auths/update/profile",
            profile("a", &fits(65_537)),
            "bio",
            65_536,
        ),
        (
            "/api/v1/auths/signin",
            json!({"email": fits(321), "password": "x"}),
            "email",
            320,
        ),
        ("/api/v1/folders/", folder(fits(1_001)), "name", 1_000),
        (
            "/api/v1/groups/create",
            json!({"name": fits(1_001), "description": ""}),
            "name",
            1_000,
        ),
        (
            "/api/v1/groups/create",
            json!({"name": "a", "description": fits(65_537)}),
            "description",
            65_536,
        ),
        (&tags, tag(fits(1_001)), "name", 1_000),
        (
            "/api/v1/users/user/status/update",
            json!({"status_message": fits(10_001)}),
            "status_message",
            10_000,
        ),
    ] {
        let (status, answer, length) = send(&app, Some(&ada), path, body.to_string()).await;
        let error = &answer["detail"][0];
        assert_eq!(
            (status, &error["type"], &error["loc"], &error["ctx"]),
            (
                422,
                &json!("string_too_long"),
                &json!(["body", field]),
                &json!({"max_length": most})
            ),
            "{path}: {answer}"
        );
        assert!(length < 5_000, "{path}: {length}");
    }
    // Characters are counted, not bytes.
    for (path, body) in [
        (
            "/api/v1/auths/update/profile",
            profile(&fits(1_000), &fits(65_536)),
        ),
        ("/api/v1/folders/", folder(fits(1_000))),
        (tags.as_str(), tag(fits(1_000))),
    ] {
        let (status, answer, _) = send(&app, Some(&ada), path, body.to_string()).await;
        assert_eq!(status, 200, "{path}: {answer}");
    }
}

#[tokio::test]
async fn texts_that_are_searched_for_are_bounded() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    for (path, name) in [
        ("/api/v1/chats/search?page=1&text=", "text"),
        ("/api/v1/chats/archived?query=", "query"),
        ("/api/v1/users/?query=", "query"),
        ("/api/v1/users/search?query=", "query"),
        ("/api/v1/models/list?query=", "query"),
    ] {
        let fits = format!("{path}{}", "x".repeat(500));
        app.get(&fits, &ada).await;
        let answer = app.ask(Method::GET, &format!("{fits}x"), Some(&ada), None).await;
        let error = &answer.body["detail"][0];
        assert_eq!(
            (
                answer.status.as_u16(),
                &error["type"],
                &error["loc"],
                &error["ctx"]
            ),
            (
                422,
                &json!("string_too_long"),
                &json!(["query", name]),
                &json!({"max_length": 500})
            ),
            "{path}"
        );
    }
}
