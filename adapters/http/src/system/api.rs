use std::sync::Arc;

use keelson_application::system::System;
use keelson_domain::config::table;
use keelson_domain::system::COMPATIBLE_VERSION;
use poem::{Request, Response};
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON;
use serde_json::Value;

use super::Tag;
use super::app_config::AppConfig;
use super::dto::{Changelog, Manifest, ReadyAnswer, Status, UrlForm, Version, VersionUpdates};
use super::{frontend, pages};
use crate::body::Body;
use crate::caller::{Admin, OptionalCaller, VerifiedUser};
use crate::error::{ApiError, ApiResult};
use crate::param::Rest;
use crate::raw::{AnyFile, JsonText, OpenSearch, Raw};

/// Operations of the server itself.
pub(super) struct SystemApi {
    pub(super) system: Arc<System>,
}

#[OpenApi(tag = "Tag::System")]
impl SystemApi {
    /// Answers whether the process is up.
    #[oai(path = "/health", method = "get", operation_id = "system_health")]
    async fn health(&self) -> Json<Status> {
        Json(Status { status: true })
    }

    /// Answers whether the database works.
    #[oai(path = "/health/db", method = "get", operation_id = "system_health_database")]
    async fn health_db(&self) -> ApiResult<Json<Status>> {
        self.system.ping_database().await?;
        Ok(Json(Status { status: true }))
    }

    /// Answers whether this instance may get traffic.
    #[oai(path = "/ready", method = "get", operation_id = "system_ready")]
    async fn ready(&self) -> ReadyAnswer {
        self.system.readiness.report().into()
    }

    /// Reads what the front end sets itself up from, by who asks.
    #[oai(path = "/api/config", method = "get", operation_id = "system_config")]
    async fn config(&self, caller: OptionalCaller) -> ApiResult<Json<AppConfig>> {
        Ok(Json(AppConfig::load(&self.system, caller.0.as_ref()).await?))
    }

    /// Reads the version that clients see.
    #[oai(path = "/api/version", method = "get", operation_id = "system_version")]
    async fn version(&self) -> Json<Version> {
        Json(Version {
            version: COMPATIBLE_VERSION.to_owned(),
            deployment_id: self.system.deployment.general.deployment_id.clone(),
            keelson: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Reads whether there is a newer version.
    ///
    /// Releases of the reference are no updates of this server, so none is looked up.
    #[oai(
        path = "/api/version/updates",
        method = "get",
        operation_id = "system_version_updates"
    )]
    async fn version_updates(&self, _caller: VerifiedUser) -> Json<VersionUpdates> {
        Json(VersionUpdates {
            current: COMPATIBLE_VERSION.to_owned(),
            latest: COMPATIBLE_VERSION.to_owned(),
        })
    }

    /// Reads what is new, as the front end's dialog shows it.
    #[oai(path = "/api/changelog", method = "get", operation_id = "system_changelog")]
    async fn changelog(&self) -> Json<Changelog> {
        Json(pages::changelog().into())
    }

    /// Reads where the server sends news of sign-ups.
    #[oai(path = "/api/webhook", method = "get", operation_id = "system_get_webhook")]
    async fn webhook(&self, _admin: Admin) -> Json<UrlForm> {
        let settings = self.system.settings.current();
        let url = settings.text(&table::WEBHOOK_URL).to_owned();
        Json(UrlForm { url })
    }

    /// Sets where the server sends news of sign-ups.
    #[oai(path = "/api/webhook", method = "post", operation_id = "system_set_webhook")]
    async fn set_webhook(&self, admin: Admin, form: Body<UrlForm>) -> ApiResult<Json<UrlForm>> {
        let url = Value::String(form.0.url);
        let settings = self.system.set(&admin.0, &table::WEBHOOK_URL, url).await?;
        let url = settings.text(&table::WEBHOOK_URL).to_owned();
        Ok(Json(UrlForm { url }))
    }

    /// Reads the web app manifest.
    #[oai(path = "/manifest.json", method = "get", operation_id = "system_manifest")]
    async fn manifest(&self) -> Raw<JsonText<Manifest>> {
        let document = match self.system.external_manifest().await {
            Some(document) => Value::Object(document.as_ref().clone()),
            None => Manifest::new(&self.system.deployment.general.name)
                .to_json()
                .unwrap_or_default(),
        };
        Response::builder()
            .content_type("application/json; charset=utf-8")
            .body(document.to_string())
            .into()
    }

    /// Reads how browsers search from their address bar.
    #[oai(path = "/opensearch.xml", method = "get", operation_id = "system_opensearch")]
    async fn opensearch(&self) -> Raw<OpenSearch> {
        let settings = self.system.settings.current();
        let name = &self.system.deployment.general.name;
        let document = pages::opensearch(name, settings.text(&table::WEBUI_URL));
        Response::builder()
            .content_type("application/xml")
            .body(document)
            .into()
    }

    /// Reads a generated file, such as a picture.
    #[oai(path = "/cache/*path", method = "get", operation_id = "system_cached_file")]
    async fn cached_file(
        &self,
        _caller: VerifiedUser,
        /// The file, in the cache of the data folder.
        path: Rest,
        request: &Request,
    ) -> Result<Raw<AnyFile>, ApiError> {
        let folder = self.system.deployment.general.data_dir.join("cache");
        frontend::cached(&folder, &path.0, request).await.map(Raw::from)
    }
}
