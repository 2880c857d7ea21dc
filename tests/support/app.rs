use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use keelson::build::App;
use keelson::config::{Configuration, Variables};
use keelson_application::system::Readiness;
use keelson_persistence_kit::Database;
use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A whole server, asked without a network.
pub(crate) struct TestApp {
    endpoint: BoxEndpoint<'static, Response>,
    /// Its parts.
    pub(crate) app: App,
    /// What it says of itself.
    pub(crate) readiness: Readiness,
    /// Its data folder; gone with it.
    folder: TempDir,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Status.
    pub(crate) status: StatusCode,
    /// Body as JSON; a string when it is none.
    pub(crate) body: Value,
}

impl TestApp {
    /// Over SQLite in memory.
    pub(crate) async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With variables; over SQLite in memory, unless they name a database.
    pub(crate) async fn with(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        if variables.iter().any(|(name, _)| name.starts_with("DATABASE_")) {
            return Self::in_folder(folder, variables).await;
        }
        let configuration = configuration(folder.path(), variables);
        let database = Database::in_memory().await.expect("SQLite opens");
        Self::build(folder, configuration, &database).await
    }

    /// Over the database that variables name, or that lies in a folder.
    pub(crate) async fn in_folder(folder: TempDir, variables: &[(&str, &str)]) -> Self {
        let configuration = configuration(folder.path(), variables);
        let database = Database::open(&configuration.database, &configuration.pool)
            .await
            .expect("the database opens");
        Self::build(folder, configuration, &database).await
    }

    async fn build(folder: TempDir, configuration: Configuration, database: &Database) -> Self {
        // Fails only when another test was first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let configuration = Arc::new(configuration);
        let readiness = Readiness::default();
        let app = App::build(configuration, database, readiness.clone())
            .await
            .expect("the server is wired");
        let endpoint = app.endpoint();
        Self {
            endpoint,
            app,
            readiness,
            folder,
        }
    }

    /// The lines of the audit log, once all that was recorded has been written.
    pub(crate) async fn audit_log(&self) -> Vec<Value> {
        self.app.services.audit.flush().await;
        let text = std::fs::read_to_string(self.folder.path().join("audit.log")).unwrap_or_default();
        text.lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    }

    /// The way in, for a server of its own.
    pub(crate) fn endpoint(&self) -> BoxEndpoint<'static, Response> {
        self.app.endpoint()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request) -> Response {
        self.endpoint.call(request).await.expect("an answer")
    }

    /// Does what the start does in the background.
    pub(crate) async fn warm(&self) {
        self.app.services.models.warm().await;
    }

    /// Asks.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        self.ask_as(method, path, &[], token, body).await
    }

    /// Asks with more headers.
    pub(crate) async fn ask_as(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        token: Option<&str>,
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri_str(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = match body {
            Some(body) => request.content_type("application/json").body(body.to_string()),
            None => request.finish(),
        };
        let response = self.endpoint.call(request).await.expect("an answer");
        let status = response.status();
        let bytes = response.into_body().into_bytes().await.expect("a body");
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Answer { status, body }
    }

    /// Gets a path that must answer 200.
    pub(crate) async fn get(&self, path: &str, token: &str) -> Value {
        let answer = self.ask(Method::GET, path, Some(token), None).await;
        assert_eq!(answer.status, StatusCode::OK, "GET {path}: {}", answer.body);
        answer.body
    }

    /// Posts to a path that must answer 200.
    pub(crate) async fn post(&self, path: &str, token: &str, body: Value) -> Value {
        let answer = self.ask(Method::POST, path, Some(token), Some(body)).await;
        assert_eq!(answer.status, StatusCode::OK, "POST {path}: {}", answer.body);
        answer.body
    }

    /// Signs somebody up; answers the token.
    pub(crate) async fn sign_up(&self, name: &str) -> String {
        let body = json!({"name": name, "email": format!("{name}@example.test"), "password": "a password"});
        let answer = self
            .ask(Method::POST, "/api/v1/auths/signup", None, Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.body["token"].as_str().expect("a token").to_owned()
    }

    /// Lets an admin make a user; answers the user's token.
    pub(crate) async fn add_user(&self, admin: &str, name: &str) -> String {
        let body = json!({
            "name": name, "email": format!("{name}@example.test"), "password": "a password", "role": "user",
        });
        self.post("/api/v1/auths/add", admin, body).await["token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }
}

fn configuration(folder: &Path, variables: &[(&str, &str)]) -> Configuration {
    let mut values: HashMap<String, String> = HashMap::from([
        ("DATA_DIR".to_owned(), folder.display().to_string()),
        ("WEBUI_SECRET_KEY".to_owned(), "a secret of tests".to_owned()),
    ]);
    values.extend(
        variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    );
    Configuration::from_variables(Variables::from(values)).expect("the variables are right")
}
