//! Who may make which models of the workspace, and use what lies below them.

use poem::http::{Method, StatusCode};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::{TestApp, Upstream};

/// A server whose provider's model `echo` is ben's to use; nobody was let in to `big`. Ben may make models.
struct Workspace {
    upstream: Upstream,
    app: TestApp,
    ada: String,
    ben: String,
    cleo: String,
}

fn form(id: &str, base: Option<&str>, rules: Value) -> Value {
    json!({"id": id, "base_model_id": base, "name": id, "params": {}, "meta": {}, "access_control": rules})
}

impl Workspace {
    async fn start() -> Self {
        let upstream = Upstream::start().await;
        let app = TestApp::start().await;
        let ada = app.sign_up("ada").await;
        let (ben, cleo) = (app.add_user(&ada, "ben").await, app.add_user(&ada, "cleo").await);
        let connections = json!({
            "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": [upstream.url()], "OPENAI_API_KEYS": ["sk-test"],
            "OPENAI_API_CONFIGS": {},
        });
        app.post("/openai/config/update", &ada, connections).await;
        let workspace = Self {
            upstream,
            app,
            ada,
            ben,
            cleo,
        };
        let rules = workspace.readable_by(&workspace.ben).await;
        let (path, form) = ("/api/v1/models/create", form("echo", None, rules));
        workspace.app.post(path, &workspace.ada, form).await;
        workspace
            .permit(&["workspace.models", "workspace.models_import"], true)
            .await;
        workspace
    }

    async fn permit(&self, paths: &[&str], granted: bool) {
        let mut permissions = self.app.get("/api/v1/users/default/permissions", &self.ada).await;
        for path in paths {
            let (section, name) = path.split_once('.').expect("a permission");
            permissions[section][name] = json!(granted);
        }
        self.app
            .post("/api/v1/users/default/permissions", &self.ada, permissions)
            .await;
    }

    async fn readable_by(&self, token: &str) -> Value {
        json!({"read": {"user_ids": [self.app.id_of(token).await]}})
    }

    /// The status of a chat with a model.
    async fn chat(&self, token: &str, model: &str) -> u16 {
        let body = json!({"model": model, "messages": [{"role": "user", "content": "x"}]});
        let path = "/openai/chat/completions";
        self.app
            .ask(Method::POST, path, Some(token), Some(body))
            .await
            .status
            .as_u16()
    }

    async fn models(&self) -> Value {
        let base = self.app.get("/api/v1/models/base", &self.ada).await;
        json!([base, self.app.get("/api/v1/models/export", &self.ada).await])
    }

    async fn end(self) {
        drop(self.upstream);
        self.app.close().await;
    }
}

#[tokio::test]
async fn users_make_presets_on_what_they_may_use() {
    let workspace = Workspace::start().await;
    let (app, ben) = (&workspace.app, &workspace.ben);
    let no_base = "The settings of providers' models are the administrator's: name a base model.";
    let bad_base = "You may not use the base model, or there is none.";
    let before = workspace.models().await;
    for (form, refusal) in [
        (form("mine", Some("big"), json!({})), (403, bad_base)),
        (form("mine", Some("none"), json!({})), (403, bad_base)),
        (form("mine", Some("mine"), json!({})), (403, bad_base)),
        (form("mine", Some("arena-model"), json!({})), (403, bad_base)),
        (form("mine", Some(""), json!({})), (401, no_base)),
        (form("mine", None, json!({})), (401, no_base)),
        (form("big", None, json!({})), (401, no_base)),
        (
            form("big", Some("echo"), json!({})),
            (401, "This model id is taken."),
        ),
        (
            form("arena-model", Some("echo"), json!({})),
            (401, "This model id is taken."),
        ),
    ] {
        app.refuses(
            (Method::POST, "/api/v1/models/create"),
            ben,
            Some(form.clone()),
            refusal,
        )
        .await;
        let good = self::form("good", Some("echo"), json!({}));
        let import = json!({"models": [good, form]});
        app.refuses(
            (Method::POST, "/api/v1/models/import"),
            ben,
            Some(import),
            refusal,
        )
        .await;
    }
    assert_eq!(workspace.models().await, before, "all of an import, or nothing");
    app.post(
        "/api/v1/models/create",
        ben,
        form("mine", Some("echo"), json!({})),
    )
    .await;
    app.post(
        "/api/v1/models/create",
        ben,
        form("upon", Some("mine"), json!({})),
    )
    .await;
    for base in ["big", "none"] {
        let change = Some(form("mine", Some(base), json!({})));
        app.refuses(
            (Method::POST, "/api/v1/models/model/update"),
            ben,
            change,
            (403, bad_base),
        )
        .await;
    }
    let change = Some(form("mine", None, json!({})));
    app.refuses(
        (Method::POST, "/api/v1/models/model/update"),
        ben,
        change,
        (401, no_base),
    )
    .await;
    workspace.end().await;
}

#[tokio::test]
async fn rights_over_the_whole_chain_are_asked_at_use() {
    let workspace = Workspace::start().await;
    let (app, ada, ben, cleo) = (&workspace.app, &workspace.ada, &workspace.ben, &workspace.cleo);
    let create = "/api/v1/models/create";
    let for_cleo = workspace.readable_by(cleo).await;
    app.post(create, ben, form("mine", Some("echo"), for_cleo.clone()))
        .await;
    app.post(create, ben, form("upon", Some("mine"), for_cleo.clone()))
        .await;
    app.post(create, ada, form("lent", Some("big"), for_cleo)).await;
    for (who, model, status) in [
        (ben, "echo", 200),
        (ben, "mine", 200),
        (ben, "upon", 200),
        (ben, "big", 403),
        (ben, "lent", 403),
        (cleo, "echo", 403),
        (cleo, "mine", 403),
        (cleo, "upon", 403),
        (cleo, "lent", 200),
        (cleo, "big", 403),
        (ada, "upon", 200),
    ] {
        assert_eq!(workspace.chat(who, model).await, status, "{model}");
    }
    let nobody = form("echo", None, json!({}));
    app.post("/api/v1/models/model/update", ada, nobody).await;
    for model in ["echo", "mine", "upon"] {
        assert_eq!(
            workspace.chat(ben, model).await,
            403,
            "{model} after the right was taken back"
        );
    }
    workspace.end().await;
}

#[tokio::test]
async fn a_provider_s_model_that_is_off_is_no_base_of_users() {
    let workspace = Workspace::start().await;
    let (app, ada, ben) = (&workspace.app, &workspace.ada, &workspace.ben);
    app.post(
        "/api/v1/models/create",
        ben,
        form("mine", Some("echo"), json!({})),
    )
    .await;
    app.post("/api/v1/models/model/toggle?id=echo", ada, json!({}))
        .await;
    assert_eq!(workspace.chat(ben, "mine").await, 403);
    workspace.end().await;
}

#[tokio::test]
async fn the_settings_of_a_provider_s_model_are_the_administrator_s() {
    let workspace = Workspace::start().await;
    let (app, ben) = (&workspace.app, &workspace.ben);
    let id = app.id_of(ben).await;
    app.sql(&format!(
        "INSERT INTO model (id, user_id, base_model_id, name, params, meta, is_active, created_at, updated_at) \
         VALUES ('big', '{id}', NULL, 'big', '{{}}', '{{}}', TRUE, 1, 1)"
    ))
    .await;
    let before = workspace.models().await;
    let read_only = "You may not change this model.";
    for (path, body, refusal) in [
        ("/api/v1/models/model/toggle?id=big", json!({}), (401, read_only)),
        (
            "/api/v1/models/model/update",
            form("big", None, json!({})),
            (400, read_only),
        ),
        (
            "/api/v1/models/model/update",
            form("big", Some("echo"), json!({})),
            (400, read_only),
        ),
        (
            "/api/v1/models/model/delete",
            json!({"id": "big"}),
            (401, read_only),
        ),
        (
            "/api/v1/models/import",
            json!({"models": [{"id": "big", "is_active": false}]}),
            (401, read_only),
        ),
    ] {
        app.refuses((Method::POST, path), ben, Some(body), refusal).await;
    }
    assert_eq!(workspace.models().await, before);
    workspace.end().await;
}

#[tokio::test]
async fn sharing_with_everyone_needs_its_permission() {
    let workspace = Workspace::start().await;
    let (app, ben) = (&workspace.app, &workspace.ben);
    let refusal =
        "You may not share models with everyone: name users or groups in access_control, or give it as {}.";
    let refused = (401, refusal);
    app.post(
        "/api/v1/models/create",
        ben,
        form("mine", Some("echo"), json!({})),
    )
    .await;
    let mut unsaid = form("open", Some("echo"), json!(null));
    let open = unsaid.clone();
    unsaid.as_object_mut().expect("fields").remove("access_control");
    for (path, body) in [
        ("/api/v1/models/create", open.clone()),
        ("/api/v1/models/create", unsaid.clone()),
        ("/api/v1/models/import", json!({"models": [unsaid]})),
        (
            "/api/v1/models/import",
            json!({"models": [{"id": "mine", "access_control": null}]}),
        ),
        (
            "/api/v1/models/model/update",
            form("mine", Some("echo"), json!(null)),
        ),
    ] {
        app.refuses((Method::POST, path), ben, Some(body), refused).await;
    }
    workspace.permit(&["sharing.public_models"], true).await;
    app.post("/api/v1/models/create", ben, open.clone()).await;
    workspace.permit(&["sharing.public_models"], false).await;
    app.post("/api/v1/models/model/update", ben, open).await;
    app.post(
        "/api/v1/models/create",
        &workspace.ada,
        form("all", Some("big"), json!(null)),
    )
    .await;
    workspace.end().await;
}

#[tokio::test]
async fn pictures_are_for_those_who_see_the_model() {
    let workspace = Workspace::start().await;
    let (app, ada, ben, cleo) = (&workspace.app, &workspace.ada, &workspace.ben, &workspace.cleo);
    let picture = json!({"profile_image_url": "data:image/png;base64,AAEC"});
    for (id, rules) in [
        ("private", json!({})),
        ("ben's", workspace.readable_by(ben).await),
        ("public", json!(null)),
    ] {
        let mut form = form(id, Some("big"), rules);
        form["meta"] = picture.clone();
        app.post("/api/v1/models/create", ada, form).await;
    }
    for (who, id, status) in [
        (ada, "private", StatusCode::OK),
        (ben, "private", StatusCode::FOUND),
        (cleo, "private", StatusCode::FOUND),
        (ben, "ben's", StatusCode::OK),
        (cleo, "ben's", StatusCode::FOUND),
        (ben, "public", StatusCode::OK),
        (cleo, "public", StatusCode::OK),
        (cleo, "none", StatusCode::FOUND),
    ] {
        let path = format!("/api/v1/models/model/profile/image?id={id}");
        let answer = app.ask(Method::GET, &path, Some(who), None).await;
        assert_eq!(answer.status, status, "{id}");
    }
    workspace.end().await;
}
