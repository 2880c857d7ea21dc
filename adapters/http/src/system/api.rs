use std::sync::Arc;

use keelson_application::system::System;
use keelson_domain::config::table;
use keelson_domain::system::COMPATIBLE_VERSION;
use poem::Request;
use poem::http::StatusCode;
use poem_openapi::payload::{Json, PlainText, Response};
use poem_openapi::{Object, OpenApi};
use serde_json::{Value, json};

use super::app_config::app_config;
use super::{frontend, pages};
use crate::body::Body;
use crate::caller::{Admin, VerifiedUser, optional_caller};
use crate::error::ApiResult;
use crate::param::Rest;
use crate::raw::{AnyFile, Raw};

/// Operations of the server itself.
pub struct SystemApi {
    /// The use cases.
    pub system: Arc<System>,
}

/// One URL.
#[derive(Object)]
struct UrlForm {
    url: String,
}

#[OpenApi]
impl SystemApi {
    /// Whether the process is up.
    #[oai(path = "/health", method = "get")]
    async fn health(&self) -> Json<Value> {
        Json(json!({"status": true}))
    }

    /// Whether the database answers.
    #[oai(path = "/health/db", method = "get")]
    async fn health_db(&self) -> ApiResult<Json<Value>> {
        self.system.ping_database().await?;
        Ok(Json(json!({"status": true})))
    }

    /// Whether this instance may get traffic: 503 with the steps that are missing until it may.
    #[oai(path = "/ready", method = "get")]
    async fn ready(&self) -> Response<Json<Value>> {
        let report = self.system.readiness.report();
        let status = if report.ready {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        Response::new(Json(json!(report))).status(status)
    }

    /// What the front end needs to know, by who asks.
    #[oai(path = "/api/config", method = "get")]
    async fn config(&self, request: &Request) -> ApiResult<Json<Value>> {
        let caller = optional_caller(request).await?;
        Ok(Json(app_config(&self.system, caller.as_ref()).await?))
    }

    /// The version that clients see.
    #[oai(path = "/api/version", method = "get")]
    async fn version(&self) -> Json<Value> {
        Json(json!({
            "version": COMPATIBLE_VERSION,
            "deployment_id": self.system.deployment.general.deployment_id,
            "keelson": env!("CARGO_PKG_VERSION"),
        }))
    }

    /// Whether there is a newer version. Releases of the reference are no updates of this server, so none is looked up.
    #[oai(path = "/api/version/updates", method = "get")]
    async fn version_updates(&self, _caller: VerifiedUser) -> Json<Value> {
        Json(json!({"current": COMPATIBLE_VERSION, "latest": COMPATIBLE_VERSION}))
    }

    /// What is new, as the front end's dialog shows it.
    #[oai(path = "/api/changelog", method = "get")]
    async fn changelog(&self) -> Json<Value> {
        Json(pages::changelog())
    }

    /// Where the server tells of new sign-ups.
    #[oai(path = "/api/webhook", method = "get")]
    async fn webhook(&self, _admin: Admin) -> Json<Value> {
        Json(json!({"url": self.system.settings.current().get(&table::WEBHOOK_URL)}))
    }

    /// Sets where the server tells of new sign-ups.
    #[oai(path = "/api/webhook", method = "post")]
    async fn set_webhook(&self, admin: Admin, body: Body<UrlForm>) -> ApiResult<Json<Value>> {
        let settings = self
            .system
            .set(&admin.0, &table::WEBHOOK_URL, Value::String(body.0.url))
            .await?;
        Ok(Json(json!({"url": settings.get(&table::WEBHOOK_URL)})))
    }

    /// The web app manifest.
    #[oai(path = "/manifest.json", method = "get")]
    async fn manifest(&self) -> Json<Value> {
        Json(pages::manifest(&self.system.deployment.general.name))
    }

    /// Lets browsers search from their address bar.
    #[oai(path = "/opensearch.xml", method = "get")]
    async fn opensearch(&self) -> Response<PlainText<String>> {
        let settings = self.system.settings.current();
        let document = pages::opensearch(
            &self.system.deployment.general.name,
            settings.text(&table::WEBUI_URL),
        );
        Response::new(PlainText(document)).header("content-type", "application/xml")
    }

    /// Generated files, such as pictures: those in the cache of the data folder.
    #[oai(path = "/cache/*path", method = "get")]
    async fn cache(
        &self,
        _caller: VerifiedUser,
        /// The file.
        path: Rest,
        request: &Request,
    ) -> ApiResult<Raw<AnyFile>> {
        let folder = self.system.deployment.general.data_dir.join("cache");
        frontend::cached(&folder, &path.0, request).await.map(Raw::from)
    }
}
