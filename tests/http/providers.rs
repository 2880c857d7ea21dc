//! Paths that are handed on to a provider.

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::json;

use crate::rooms::{
    RequiredRole::{Admin, Nobody, User},
    Roles,
};
use crate::support::{TestApp, Upstream, assert_wire, eventually};

inventory::submit! {
    Roles(&[
        ("*", "/ollama", Nobody),
        ("GET", "/ollama/api/version", Nobody),
        ("POST", "/api/embeddings", User),
        ("POST", "/api/v1/embeddings", User),
        ("*", "/openai/config*", Admin),
        ("POST", "/openai/verify", Admin),
        ("*", "/openai/*", User),
        ("*", "/ollama/config*", Admin),
        ("*", "/api/v1/pipelines/*", Admin),
    ])
}

async fn connect(app: &TestApp, admin: &str, upstream: &Upstream) {
    let connections = json!({
        "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": [upstream.url()], "OPENAI_API_KEYS": ["sk-test"],
        "OPENAI_API_CONFIGS": {},
    });
    app.post("/openai/config/update", admin, connections).await;
}

#[tokio::test]
async fn provider_answers_are_relayed() {
    let upstream = Upstream::start().await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    connect(&app, &ada, &upstream).await;
    let verify = json!({"url": upstream.url(), "key": "sk-other"});
    let verified = app.post("/openai/verify", &ada, verify).await;
    assert_wire(
        &verified,
        json!({
            "object": "list",
            "data": [
                {"id": "echo", "object": "model"}, {"id": "cut", "object": "model"},
                {"id": "split", "object": "model"}, {"id": "big", "object": "model"},
                {"id": "slow", "object": "model"},
            ],
        }),
    );
    assert_eq!(app.get("/openai/models/0", &ada).await["data"], verified["data"]);
    let question = json!({"model": "echo", "messages": [{"role": "user", "content": "Hello"}]});
    assert_wire(
        &app.post("/openai/chat/completions", &ada, question).await,
        json!({
            "choices": [
                {
                    "index": 0, "message": {"role": "assistant", "content": "You said: Hello"},
                    "finish_reason": "stop",
                },
            ],
        }),
    );
    app.get("/api/models?refresh=true", &ada).await;
    let body = json!({"model": "echo", "input": "text"});
    app.post("/api/embeddings", &ada, body.clone()).await;
    app.post("/api/v1/embeddings", &ada, body).await;
    assert_eq!(upstream.asked("/embeddings").len(), 2);
    drop(upstream);
    app.close().await;
}

#[tokio::test]
async fn other_paths_reach_the_first_connection_as_they_are() {
    let upstream = Upstream::start().await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    connect(&app, &ada, &upstream).await;
    for answer in [
        app.ask(Method::GET, "/openai/files/f1?limit=2", Some(&ada), None)
            .await,
        app.ask(
            Method::POST,
            "/openai/files/f1",
            Some(&ada),
            Some(json!({"a": 1})),
        )
        .await,
        app.ask(Method::PUT, "/openai/files/f1", Some(&ada), Some(json!({"a": 2})))
            .await,
        app.ask(Method::DELETE, "/openai/files/f1", Some(&ada), None)
            .await,
    ] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    }
    let asked = upstream.asked("/files/f1");
    assert_eq!(asked.len(), 4);
    assert!(
        asked
            .iter()
            .all(|asked| asked.authorization.as_deref() == Some("Bearer sk-test"))
    );
    assert_eq!(
        (&asked[1].body, &asked[2].body),
        (&json!({"a": 1}), &json!({"a": 2}))
    );
    drop(upstream);
    app.close().await;
}

#[tokio::test]
async fn clients_of_the_protocol_may_append_their_paths_to_the_api() {
    let upstream = Upstream::start().await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    connect(&app, &ada, &upstream).await;
    assert_eq!(
        app.get("/api/v1/models", &ada).await,
        app.get("/api/models", &ada).await
    );
    let question = json!({"model": "echo", "messages": [{"role": "user", "content": "Hello"}]});
    let answer = app.post("/api/v1/chat/completions", &ada, question).await;
    assert_eq!(
        answer["choices"][0]["message"]["content"],
        json!("You said: Hello")
    );
    drop(upstream);
    app.close().await;
}

#[tokio::test]
async fn servers_of_pipelines_are_told_from_other_providers() {
    let upstream = Upstream::start().await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    assert_wire(
        &app.get("/api/v1/pipelines/list", &ada).await,
        json!({"data": []}),
    );
    let pipelines = upstream.pipelines_url();
    let addresses = [
        upstream.url(),
        "http://127.0.0.1:1/v1".to_owned(),
        pipelines.clone(),
        format!("{pipelines}/"),
        pipelines.clone(),
        format!("{pipelines}///"),
    ];
    // Of a connection that is limited to some models the provider is not asked; one that is off is none.
    let options = json!({"3": {"model_ids": ["echo"]}, "4": {"enable": false}, "5": {"prefix_id": "p"}});
    let connections = json!({
        "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": addresses,
        "OPENAI_API_KEYS": ["", "", "", "", "", ""], "OPENAI_API_CONFIGS": options,
    });
    app.post("/openai/config/update", &ada, connections).await;
    assert_wire(
        &app.get("/api/v1/pipelines/list", &ada).await,
        json!({"data": [{"url": pipelines, "idx": 2}, {"url": pipelines, "idx": 5}]}),
    );
    let off = json!({
        "ENABLE_OPENAI_API": false, "OPENAI_API_BASE_URLS": [pipelines], "OPENAI_API_KEYS": [""],
        "OPENAI_API_CONFIGS": {},
    });
    app.post("/openai/config/update", &ada, off).await;
    assert_wire(
        &app.get("/api/v1/pipelines/list", &ada).await,
        json!({"data": []}),
    );
    drop(upstream);
    app.close().await;
}

#[tokio::test]
async fn requests_without_a_provider_are_refused() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let unknown = Some(json!({"model": "none", "messages": [{"role": "user", "content": "x"}]}));
    let answer = app
        .ask(
            Method::POST,
            "/openai/chat/completions",
            Some(&ada),
            unknown.clone(),
        )
        .await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body["detail"]]),
        json!([404, "There is no such model."]),
    );
    for path in ["/api/embeddings", "/api/v1/embeddings"] {
        let answer = app.ask(Method::POST, path, Some(&ada), unknown.clone()).await;
        assert_wire(
            &json!([answer.status.as_u16(), answer.body["error"]["message"]]),
            json!([404, "The demo model answers chats only."]),
        );
    }
    let answer = app
        .ask(Method::POST, "/openai/audio/speech", Some(&ada), unknown)
        .await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body["detail"]]),
        json!([404, "There is no such model."]),
    );
    let answer = app.ask(Method::GET, "/openai/models/7", Some(&ada), None).await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body["detail"]]),
        json!([404, "There is no such model."]),
    );
    let nobody = Some(json!({"url": "http://127.0.0.1:1/v1", "key": ""}));
    let answer = app.ask(Method::POST, "/openai/verify", Some(&ada), nobody).await;
    assert_wire(
        &json!([answer.status.as_u16(), answer.body["detail"]]),
        json!([502, "the provider cannot be reached"]),
    );
    let answer = app.ask(Method::GET, "/ollama", None, None).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::OK, json!({"status": true}))
    );
    let answer = app.ask(Method::GET, "/ollama/api/version", None, None).await;
    assert_eq!(
        (answer.status, answer.body),
        (StatusCode::OK, json!({"version": false}))
    );
    let answer = app.ask(Method::HEAD, "/ollama", None, None).await;
    assert_eq!(answer.status, StatusCode::OK);
    app.close().await;
}

/// The ids of models that instances share, once these are there.
async fn shared_ids(app: &TestApp, wanted: &[&str]) {
    let shared = &app.app.services.ports.providers.shared;
    eventually("the models are shared", || async {
        let all = shared.all().await.unwrap();
        let ids: Vec<&str> = all.iter().filter_map(|model| model["id"].as_str()).collect();
        ids == wanted
    })
    .await;
}

#[tokio::test]
async fn loaded_models_are_shared_with_other_instances() {
    let upstream = Upstream::start().await;
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    // The built-in model is every instance's own.
    app.get("/api/models", &ada).await;
    shared_ids(&app, &[]).await;
    connect(&app, &ada, &upstream).await;
    let listed = app.get("/api/models", &ada).await;
    shared_ids(&app, &["echo", "cut", "split", "big", "slow", "arena-model"]).await;
    let shared = app.app.services.ports.providers.shared.all().await.unwrap();
    assert_eq!(
        shared[0]["openai"], listed["data"][0]["openai"],
        "as the list shows it"
    );
    let preset = json!({
        "id": "poet", "name": "Poet", "base_model_id": "echo", "meta": {}, "params": {"system": "Rhyme."},
        "access_control": null, "is_active": true,
    });
    app.post("/api/v1/models/create", &ada, preset).await;
    app.get("/api/models", &ada).await;
    shared_ids(
        &app,
        &["echo", "cut", "split", "big", "slow", "arena-model", "poet"],
    )
    .await;
    let shared = app.app.services.ports.providers.shared.all().await.unwrap();
    assert!(
        !format!("{shared:?}").contains("Rhyme"),
        "parameters stay in the database"
    );
    app.close().await;
}

#[tokio::test]
async fn models_that_others_loaded_stand_in_for_a_list_that_does_not_come() {
    // Nobody listens on the discard port.
    let app = TestApp::with(&[
        ("OPENAI_API_BASE_URLS", "http://127.0.0.1:9/v1"),
        ("OPENAI_API_KEYS", "k"),
    ])
    .await;
    let ada = app.sign_up("ada").await;
    let entry = |id: &str, index: u64| {
        let listing =
            json!({"id": id, "name": id, "owned_by": "openai", "openai": {"id": id}, "urlIdx": index});
        (id.to_owned(), listing)
    };
    let shared = app.app.services.ports.providers.shared.clone();
    shared
        .replace(&[entry("known", 0), entry("elsewhere", 1)])
        .await
        .unwrap();
    let listed = app.get("/api/models", &ada).await;
    let ids: Vec<&str> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["id"].as_str())
        .collect();
    assert_eq!(ids, ["known", "arena-model"]);
    // It is asked, and cannot be reached.
    let question = json!({"model": "known", "messages": [{"role": "user", "content": "Hello"}]});
    let answer = app
        .ask(Method::POST, "/api/chat/completions", Some(&ada), Some(question))
        .await;
    assert_ne!(answer.body["detail"], json!("Model not found"), "{}", answer.body);
    let question = json!({"model": "elsewhere", "messages": [{"role": "user", "content": "Hello"}]});
    let missing = app
        .ask(Method::POST, "/api/chat/completions", Some(&ada), Some(question))
        .await;
    assert_ne!(answer.body, missing.body);
    // What is known of others is not passed on as one's own.
    let kept = shared.all().await.unwrap();
    assert_eq!(kept, [entry("known", 0).1, entry("elsewhere", 1).1]);
    app.close().await;
}
