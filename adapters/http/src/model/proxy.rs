use std::sync::Arc;

use bytes::Bytes;
use keelson_application::model::Models;
use keelson_domain::auth::Caller;
use keelson_domain::model::Method;
use poem::Request;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use serde_json::{Value, json};

use crate::body::Body;
use crate::caller::VerifiedUser;
use crate::completion::relay;
use crate::error::ApiResult;
use crate::json::JsonObject;
use crate::raw::{AnyFile, Raw};

/// Other paths of providers, handed on as they are.
pub struct ProviderProxyApi {
    /// The use cases.
    pub models: Arc<Models>,
}

impl ProviderProxyApi {
    async fn forward(
        &self,
        caller: &Caller,
        method: Method,
        request: &Request,
        body: Vec<u8>,
    ) -> ApiResult<Raw<AnyFile>> {
        let uri = request.original_uri();
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        let path = path.strip_prefix("/openai/").unwrap_or_default();
        let reply = self
            .models
            .forward(caller, method, path, Bytes::from(body))
            .await?;
        Ok(Raw::from(relay::reply(
            reply.map_err(|error| relay::error(&error))?,
        )))
    }

    async fn embedded(&self, caller: &Caller, body: JsonObject) -> ApiResult<Raw<AnyFile>> {
        let reply = self.models.embed(caller, body.0).await?;
        Ok(Raw::from(relay::reply(
            reply.map_err(|error| relay::error(&error))?,
        )))
    }
}

#[OpenApi]
impl ProviderProxyApi {
    /// Reads a text aloud at the official provider.
    #[oai(path = "/openai/audio/speech", method = "post")]
    async fn speak(&self, caller: VerifiedUser, body: Vec<u8>) -> ApiResult<Raw<AnyFile>> {
        let reply = self.models.speak(&caller.0, Bytes::from(body)).await?;
        Ok(Raw::from(relay::reply(
            reply.map_err(|error| relay::error(&error))?,
        )))
    }

    /// Embeds texts.
    #[oai(path = "/api/embeddings", method = "post")]
    async fn embed(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.embedded(&caller.0, body.0).await
    }

    /// The same under its other name.
    #[oai(path = "/api/v1/embeddings", method = "post")]
    async fn embed_v1(&self, caller: VerifiedUser, body: Body<JsonObject>) -> ApiResult<Raw<AnyFile>> {
        self.embedded(&caller.0, body.0).await
    }

    /// Whether this server is there, for clients that speak Ollama's protocol.
    #[oai(path = "/ollama/", method = "get")]
    async fn ollama(&self) -> Json<Value> {
        Json(json!({"status": true}))
    }

    /// The same without a document.
    #[oai(path = "/ollama/", method = "head")]
    async fn ollama_head(&self) -> Json<Value> {
        Json(json!({"status": true}))
    }

    /// Any other path of the first connection.
    #[oai(path = "/openai/*path", method = "get", hidden = true)]
    async fn get(&self, caller: VerifiedUser, request: &Request, body: Vec<u8>) -> ApiResult<Raw<AnyFile>> {
        self.forward(&caller.0, Method::Get, request, body).await
    }

    /// Any other path of the first connection.
    #[oai(path = "/openai/*path", method = "post", hidden = true)]
    async fn post(&self, caller: VerifiedUser, request: &Request, body: Vec<u8>) -> ApiResult<Raw<AnyFile>> {
        self.forward(&caller.0, Method::Post, request, body).await
    }

    /// Any other path of the first connection.
    #[oai(path = "/openai/*path", method = "put", hidden = true)]
    async fn put(&self, caller: VerifiedUser, request: &Request, body: Vec<u8>) -> ApiResult<Raw<AnyFile>> {
        self.forward(&caller.0, Method::Put, request, body).await
    }

    /// Any other path of the first connection.
    #[oai(path = "/openai/*path", method = "delete", hidden = true)]
    async fn delete(
        &self,
        caller: VerifiedUser,
        request: &Request,
        body: Vec<u8>,
    ) -> ApiResult<Raw<AnyFile>> {
        self.forward(&caller.0, Method::Delete, request, body).await
    }
}
