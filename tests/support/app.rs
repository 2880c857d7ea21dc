use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use keelson::build::App;
use keelson::config::{Configuration, Variables};
use keelson_application::system::Readiness;
use keelson_persistence_kit::Database;
use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Handle;

use super::record_statements;

/// A whole server, asked without a network.
pub(crate) struct TestApp {
    endpoint: BoxEndpoint<'static, Response>,
    /// Its parts.
    pub(crate) app: App,
    /// What it says of itself.
    pub(crate) readiness: Readiness,
    database: Database,
    /// Its data folder; gone with it.
    folder: TempDir,
    /// How many tasks this test's runtime had before it.
    tasks_before: usize,
    /// The token of whoever signed up first: an admin.
    first: OnceLock<String>,
}

/// How long [`TestApp::close`] waits for what still runs.
const CLOSING: Duration = Duration::from_secs(10);

impl Drop for TestApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left = self.app.services.tasks.count();
            assert_eq!(
                left, 0,
                "tasks are left that nobody waited for: stop them or close the app"
            );
        }
    }
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
        record_statements();
        let configuration = configuration(folder.path(), variables);
        let database = Database::in_memory().await.expect("SQLite opens");
        Self::build(folder, configuration, &database).await
    }

    /// Over the database that variables name, or that lies in a folder.
    pub(crate) async fn in_folder(folder: TempDir, variables: &[(&str, &str)]) -> Self {
        record_statements();
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
        let tasks_before = Handle::current().metrics().num_alive_tasks();
        let app = App::build(configuration, database, readiness.clone())
            .await
            .expect("the server is wired");
        let endpoint = app.endpoint();
        Self {
            endpoint,
            app,
            readiness,
            database: database.clone(),
            folder,
            tasks_before,
            first: OnceLock::new(),
        }
    }

    /// Ends the server, and asserts that nothing of it lives on: no task, and nothing that it spawned. Servers of the test
    /// that it has connections to end before.
    pub(crate) async fn close(self) {
        self.app.close(CLOSING).await;
        let listed = async {
            while !self.listed_tasks().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let in_time = tokio::time::timeout(CLOSING, listed).await.is_ok();
        assert!(in_time, "the directory lists tasks after the server ended");
        let before = self.tasks_before;
        drop(self);
        let alive = || Handle::current().metrics().num_alive_tasks();
        let ended = async {
            while alive() > before {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let in_time = tokio::time::timeout(CLOSING, ended).await.is_ok();
        assert!(
            in_time,
            "{} tasks live on after the server ended",
            alive() - before
        );
    }

    /// The tasks that the first admin sees; none where nobody signed up.
    async fn listed_tasks(&self) -> Vec<Value> {
        let token = self.first.get().map(String::as_str);
        let answer = self.ask(Method::GET, "/api/tasks", token, None).await;
        answer.body["tasks"].as_array().cloned().unwrap_or_default()
    }

    /// Runs statements on the database that every backend reads alike.
    pub(crate) async fn sql(&self, statements: &str) {
        let done = self.database.run_script(statements).await;
        done.unwrap_or_else(|error| panic!("{error:?} in {statements}"));
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
        // Answers may be nested more deeply than serde_json alone reads.
        let body = keelson_domain::shared::json::read(&bytes)
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

    /// Deletes at a path that must answer 200.
    pub(crate) async fn delete(&self, path: &str, token: &str) -> Value {
        let answer = self.ask(Method::DELETE, path, Some(token), None).await;
        assert_eq!(answer.status, StatusCode::OK, "DELETE {path}: {}", answer.body);
        answer.body
    }

    /// Asserts that a request is refused with this status and text.
    pub(crate) async fn refuses(
        &self,
        (method, path): (Method, &str),
        token: &str,
        body: Option<Value>,
        (status, detail): (u16, &str),
    ) {
        let answer = self.ask(method.clone(), path, Some(token), body).await;
        let refused = (answer.status.as_u16(), answer.body);
        assert_eq!(refused, (status, json!({"detail": detail})), "{method} {path}");
    }

    /// The id of the account that a token is of.
    pub(crate) async fn id_of(&self, token: &str) -> String {
        let me = self.get("/api/v1/auths/", token).await;
        me["id"].as_str().expect("an id").to_owned()
    }

    /// Signs somebody up; answers the token.
    pub(crate) async fn sign_up(&self, name: &str) -> String {
        let body = json!({"name": name, "email": format!("{name}@example.test"), "password": "a password"});
        let answer = self
            .ask(Method::POST, "/api/v1/auths/signup", None, Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let token = answer.body["token"].as_str().expect("a token").to_owned();
        self.first.get_or_init(|| token.clone());
        token
    }

    /// Lets an admin make a user; answers the user's token.
    pub(crate) async fn add_user(&self, admin: &str, name: &str) -> String {
        self.add_account(admin, name, "user").await
    }

    /// Lets an admin make an account with a role; answers its token.
    pub(crate) async fn add_account(&self, admin: &str, name: &str, role: &str) -> String {
        let body = json!({
            "name": name, "email": format!("{name}@example.test"), "password": "a password", "role": role,
        });
        self.post("/api/v1/auths/add", admin, body).await["token"]
            .as_str()
            .expect("a token")
            .to_owned()
    }
}

/// What the server reads at its start, with a data folder and variables.
pub(crate) fn configuration(folder: &Path, variables: &[(&str, &str)]) -> Configuration {
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
