//! What reaches a provider through the proxy, and for whom.

use poem::http::{Method, StatusCode};
use poem::{Request, Response};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{Asked, TestApp, Upstream};

/// A server with one connection; ben may use its model `echo` and no other.
struct Proxy {
    upstream: Upstream,
    app: TestApp,
    ada: String,
    ben: String,
}

impl Proxy {
    async fn start(variables: &[(&str, &str)]) -> Self {
        let upstream = Upstream::start().await;
        let app = TestApp::with(variables).await;
        let ada = app.sign_up("ada").await;
        let ben = app.add_user(&ada, "ben").await;
        connect(&app, &ada, &[&upstream], json!({}), true).await;
        allow(&app, &ada, &ben, "echo").await;
        Self {
            upstream,
            app,
            ada,
            ben,
        }
    }

    /// What was asked of the provider but for its list of models.
    fn asked(&self) -> Vec<Asked> {
        asked(&self.upstream)
    }

    async fn send(&self, path: &str, token: &str, kind: &str, body: Vec<u8>) -> Response {
        let request = Request::builder()
            .method(Method::POST)
            .uri_str(path)
            .header("authorization", format!("Bearer {token}"))
            .content_type(kind)
            .body(body);
        self.app.send(request).await
    }

    async fn end(self) {
        drop(self.upstream);
        self.app.close().await;
    }
}

fn asked(upstream: &Upstream) -> Vec<Asked> {
    let mut asked = upstream.asked("");
    asked.retain(|asked| !asked.path.ends_with("/models"));
    asked
}

/// Saves connections to providers.
async fn connect(app: &TestApp, admin: &str, upstreams: &[&Upstream], options: Value, on: bool) {
    let urls: Vec<String> = upstreams.iter().map(|upstream| upstream.url()).collect();
    let keys: Vec<&str> = upstreams.iter().map(|_| "sk-test").collect();
    let connections = json!({
        "ENABLE_OPENAI_API": on, "OPENAI_API_BASE_URLS": urls, "OPENAI_API_KEYS": keys, "OPENAI_API_CONFIGS": options,
    });
    app.post("/openai/config/update", admin, connections).await;
}

/// Lets a user use a provider's model.
async fn allow(app: &TestApp, admin: &str, user: &str, model: &str) {
    let rules = json!({
        "id": model, "base_model_id": null, "name": model, "params": {}, "meta": {},
        "access_control": {"read": {"user_ids": [app.id_of(user).await]}},
    });
    app.post("/api/v1/models/create", admin, rules).await;
}

fn question(model: &str) -> Value {
    json!({"model": model, "prompt": "x", "input": "x", "messages": [{"role": "user", "content": "x"}]})
}

/// Ways to write the path of a request; none of them may bring ben to a model that is not his.
const SPELLINGS: [&str; 40] = [
    "/openai/chat/completions",
    "/openai/completions",
    "/openai/completions/",
    "/openai/responses",
    "/openai/embeddings",
    "/openai/moderations",
    "/openai/rerank",
    "/openai/images/generations",
    "/openai/images/edits",
    "/openai/audio/speech",
    "/openai/audio/transcriptions",
    "/api/embeddings",
    "/api/v1/embeddings/",
    "/openai//chat/completions",
    "/openai/chat//completions",
    "//openai/chat/completions",
    "/openai/chat/completions/",
    "/openai/chat/completions//",
    "/openai/chat%2Fcompletions",
    "/openai/chat%2fcompletions",
    "/openai/chat%5ccompletions",
    "/openai/chat\\completions",
    "/openai/chat%252Fcompletions",
    "/openai/%63hat/completions",
    "/openai/chat/%63ompletions",
    "/%6fpenai/completions",
    "/openai/./chat/completions",
    "/openai/x/../chat/completions",
    "/openai/%2e%2e/v1/chat/completions",
    "/openai/.%2E/v1/completions",
    "/openai/..%2fv1/chat/completions",
    "/openai/..%5cv1/chat/completions",
    "/openai/Chat/Completions",
    "/openai/chat/completions;x=1",
    "/openai/chat/completions%00",
    "/openai/chat/completions%20",
    "/openai/chat/completions%zz",
    "/openai/completions?model=echo",
    "/openai/openai/deployments/big/chat/completions",
    "/openai/engines/big/completions",
];

#[tokio::test]
async fn no_spelling_of_a_path_leads_to_a_model_of_others() {
    let proxy = Proxy::start(&[]).await;
    for path in SPELLINGS {
        let body = Some(question("big"));
        let answer = proxy.app.ask(Method::POST, path, Some(&proxy.ben), body).await;
        assert!(
            answer.status.is_client_error(),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
        assert!(!answer.body["detail"].is_null(), "{path}: {}", answer.body);
    }
    let asked: Vec<String> = proxy.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(asked, [""; 0], "nothing of it reached the provider");
    proxy.end().await;
}

#[tokio::test]
async fn other_spellings_of_a_path_are_the_same_path() {
    let proxy = Proxy::start(&[]).await;
    for (path, sent) in [
        ("/openai/chat/completions/", "/v1/chat/completions"),
        ("/openai/%63hat/completions", "/v1/chat/completions"),
        ("/openai/completions", "/v1/completions"),
        ("/openai/%63ompletions/", "/v1/completions"),
        ("/openai/responses?api-version=1", "/v1/responses"),
        ("/openai/images/generations", "/v1/images/generations"),
        ("/openai/audio/translations", "/v1/audio/translations"),
    ] {
        proxy.app.post(path, &proxy.ben, question("echo")).await;
        let last = proxy.asked().pop().expect("a request");
        assert_eq!(
            (last.path.as_str(), &last.body["model"]),
            (sent, &json!("echo")),
            "{path}"
        );
    }
    for path in [
        "/openai/..%2fx",
        "/openai/%2e%2e/x",
        "/openai/..%5cx",
        "/openai/a/../../x",
        "/openai/files%2f..%2fx",
    ] {
        let answer = proxy.app.ask(Method::GET, path, Some(&proxy.ada), None).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.body);
    }
    assert_eq!(
        proxy.asked().len(),
        7,
        "not even an admin's leaves the connection's URL"
    );
    proxy.end().await;
}

/// Bodies in which a reader finds no model, or another one than the next reader.
fn unclear_bodies() -> Vec<(&'static str, Vec<u8>)> {
    let utf_16: Vec<u8> = r#"{"model":"big"}"#.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let lists = format!(r#"{{"model":"big","t":{}{}}}"#, "[".repeat(200), "]".repeat(200));
    let form = "--b\r\ncontent-disposition: form-data; name=\"model\"\r\n\r\nbig\r\n--b--\r\n";
    let mut bodies: Vec<(&str, Vec<u8>)> = [
        "",
        "null",
        "[]",
        r#""big""#,
        r#"[{"model":"big"}]"#,
        r#"{"prompt":"x"}"#,
        r#"{"t":NaN,"model":"big"}"#,
        r#"{"t":Infinity,"model":"big"}"#,
        r#"{"model":"big",}"#,
        r#"{'model':'big'}"#,
        r#"{"model":"big"} {"model":"echo"}"#,
        r#"{"model":"big"}//"#,
        r#"{"t":"\ud800","model":"big"}"#,
        r#"{"model":["big"]}"#,
        r#"{"model":{"id":"big"}}"#,
        r#"{"model":null}"#,
        r#"{"model":""}"#,
        r#"{"model":1}"#,
        r#"{"model":"echo","models":["big"]}"#,
        r#"{"model":"echo","fallbacks":[{"model":"big"}]}"#,
        "\u{feff}{\"model\":\"big\"}",
    ]
    .map(|text| ("application/json", text.as_bytes().to_vec()))
    .into();
    bodies.push(("application/json", lists.into_bytes()));
    bodies.push(("application/json", utf_16));
    bodies.push(("application/json", b"{\"model\":\"big\",\"t\":\"\xff\"}".to_vec()));
    bodies.push((
        "application/x-www-form-urlencoded",
        b"model=big&prompt=x".to_vec(),
    ));
    bodies.push(("multipart/form-data; boundary=b", form.as_bytes().to_vec()));
    bodies
}

#[tokio::test]
async fn what_cannot_be_read_reaches_no_provider() {
    let proxy = Proxy::start(&[]).await;
    for path in ["/openai/completions", "/openai/responses", "/openai/audio/speech"] {
        for (kind, body) in unclear_bodies() {
            let shown = String::from_utf8_lossy(&body).into_owned();
            let response = proxy.send(path, &proxy.ben, kind, body).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path} {shown}");
            let text = response.into_body().into_string().await.expect("a text");
            let answer: Value = serde_json::from_str(&text).expect("JSON");
            assert!(answer["detail"].is_string(), "{path} {shown}: {text}");
        }
    }
    assert_eq!(proxy.asked().len(), 0, "nothing of it reached the provider");
    proxy.end().await;
}

#[tokio::test]
async fn of_a_model_that_stands_twice_the_one_that_was_asked_about_goes_out() {
    let proxy = Proxy::start(&[]).await;
    for (body, status) in [
        (r#"{"model":"big","model":"echo"}"#, StatusCode::OK),
        (r#"{"model":"echo","model":"big"}"#, StatusCode::FORBIDDEN),
        (r#"{"model":"big","mod\u0065l":"echo"}"#, StatusCode::OK),
        (r#"{"model":"echo","mod\u0065l":"big"}"#, StatusCode::FORBIDDEN),
    ] {
        let sent = proxy
            .send("/openai/completions", &proxy.ben, "application/json", body.into())
            .await;
        assert_eq!(sent.status(), status, "{body}");
    }
    let asked = proxy.asked();
    assert_eq!(asked.len(), 2);
    assert!(
        asked.iter().all(|asked| asked.text == r#"{"model":"echo"}"#),
        "{asked:?}"
    );
    proxy.end().await;
}

#[tokio::test]
async fn users_reach_what_asks_a_model_and_nothing_else_of_a_provider() {
    let proxy = Proxy::start(&[]).await;
    let closed = [
        (Method::GET, "/openai/files"),
        (Method::POST, "/openai/files"),
        (Method::DELETE, "/openai/files/f1"),
        (Method::GET, "/openai/files/f1/content"),
        (Method::GET, "/openai/fine_tuning/jobs"),
        (Method::POST, "/openai/fine_tuning/jobs"),
        (Method::GET, "/openai/organization/api_keys"),
        (Method::POST, "/openai/batches"),
        (Method::GET, "/openai/responses/r1"),
        (Method::DELETE, "/openai/responses/r1"),
        (Method::PUT, "/openai/completions"),
        (Method::GET, "/openai/images/generations"),
        (Method::POST, "/openai/assistants"),
        (Method::POST, "/openai/realtime/sessions"),
        (Method::GET, "/openai/vector_stores"),
    ];
    for (method, path) in &closed {
        let body = (*method != Method::GET).then(|| json!({"model": "echo"}));
        let answer = proxy.app.ask(method.clone(), path, Some(&proxy.ben), body).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{method} {path}: {}",
            answer.body
        );
    }
    assert_eq!(proxy.asked().len(), 0);
    for (method, path) in &closed {
        let answer = proxy.app.ask(method.clone(), path, Some(&proxy.ada), None).await;
        assert_eq!(answer.status, StatusCode::OK, "{method} {path}: {}", answer.body);
    }
    proxy.end().await;
}

#[tokio::test]
async fn the_operator_says_what_else_users_reach() {
    let proxy = Proxy::start(&[("KEELSON_PROXY_ENDPOINTS", "GET files, batches/*")]).await;
    for (method, path, status) in [
        (Method::GET, "/openai/files", 200),
        (Method::GET, "/openai/batches/b1", 200),
        (Method::DELETE, "/openai/batches/b1", 200),
        (Method::DELETE, "/openai/files", 404),
        (Method::GET, "/openai/files/f1", 404),
        (Method::GET, "/openai/batches", 404),
        (Method::POST, "/openai/completions", 404),
    ] {
        let answer = proxy.app.ask(method.clone(), path, Some(&proxy.ben), None).await;
        assert_eq!(answer.status.as_u16(), status, "{method} {path}: {}", answer.body);
    }
    let body = Some(json!({"model": "big"}));
    let answer = proxy
        .app
        .ask(Method::POST, "/openai/batches/b1", Some(&proxy.ben), body)
        .await;
    assert_eq!(
        answer.status,
        StatusCode::FORBIDDEN,
        "a model is asked about everywhere"
    );
    let unclear = proxy.send(
        "/openai/batches/b1",
        &proxy.ben,
        "application/json",
        b"{\"model\":\"big\",}".to_vec(),
    );
    assert_eq!(unclear.await.status(), StatusCode::BAD_REQUEST);
    proxy.end().await;
}

#[tokio::test]
async fn a_connection_that_is_off_serves_nobody() {
    let (off, on) = (Upstream::start().await, Upstream::start().await);
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let options = json!({"0": {"enable": false}, "1": {"prefix_id": "second"}});
    connect(&app, &ada, &[&off, &on], options, true).await;
    for path in [
        "/openai/completions",
        "/api/embeddings",
        "/openai/chat/completions",
    ] {
        app.post(path, &ada, question("second.echo")).await;
        let last = asked(&on).pop().expect("a request");
        assert_eq!(last.body["model"], json!("echo"), "{path}");
    }
    app.get("/openai/files", &ada).await;
    let refused = app.ask(Method::GET, "/openai/models/0", Some(&ada), None).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.body);
    assert_eq!(off.asked("").len(), 0, "it is off");

    connect(&app, &ada, &[&on], json!({}), false).await;
    let before = on.asked("").len();
    for (method, path) in [
        (Method::POST, "/openai/chat/completions"),
        (Method::POST, "/openai/completions"),
        (Method::POST, "/openai/audio/speech"),
        (Method::POST, "/api/embeddings"),
        (Method::POST, "/api/chat/completions"),
        (Method::GET, "/openai/files"),
        (Method::GET, "/openai/models/0"),
    ] {
        let body = (method == Method::POST).then(|| question("echo"));
        let answer = app.ask(method, path, Some(&ada), body).await;
        assert!(
            answer.status.is_client_error(),
            "{path}: {} {}",
            answer.status,
            answer.body
        );
    }
    assert_eq!(on.asked("").len(), before, "every connection is off");
    drop((off, on));
    app.close().await;
}

#[tokio::test]
async fn redirects_of_a_provider_are_not_followed() {
    let proxy = Proxy::start(&[]).await;
    for status in [300, 301, 302, 303, 307, 308] {
        for path in [
            "/openai/embeddings",
            "/api/embeddings",
            "/openai/chat/completions",
        ] {
            let mut body = question("echo");
            body["redirect"] = json!(status);
            let answer = proxy
                .app
                .ask(Method::POST, path, Some(&proxy.ben), Some(body))
                .await;
            assert_eq!(
                answer.status,
                StatusCode::BAD_GATEWAY,
                "{path} {status}: {}",
                answer.body
            );
            let detail = answer.body["detail"].as_str().unwrap_or_default().to_owned();
            assert!(
                detail.contains("redirect") && !detail.contains("elsewhere"),
                "{detail}"
            );
        }
    }
    assert_eq!(proxy.upstream.asked("/elsewhere").len(), 0);
    proxy.end().await;
}

#[tokio::test]
async fn a_provider_s_answer_is_no_page() {
    let proxy = Proxy::start(&[]).await;
    for (kind, is_shown) in [
        ("text/html", false),
        ("text/html; charset=utf-8", false),
        ("image/svg+xml", false),
        ("application/xhtml+xml", false),
        ("text/javascript", false),
        ("application/pdf", false),
        ("text/plain", true),
        ("audio/mpeg", true),
    ] {
        for path in ["/openai/completions", "/openai/chat/completions"] {
            let mut body = question("echo");
            body["answer_as"] = json!(kind);
            let answer = proxy
                .send(path, &proxy.ben, "application/json", body.to_string().into())
                .await;
            let expected = if is_shown {
                kind
            } else {
                "application/octet-stream"
            };
            assert_eq!(answer.content_type(), Some(expected), "{path} {kind}");
            assert_eq!(
                answer.header("x-content-type-options"),
                Some("nosniff"),
                "{path} {kind}"
            );
            let is_saved = answer.header("content-disposition") == Some("attachment");
            assert_eq!(is_saved, !is_shown, "{path} {kind}");
        }
    }
    proxy.end().await;
}
