use std::sync::Arc;

use bytes::Bytes;
use keelson_application::model::Models;
use keelson_domain::auth::Caller;
use keelson_domain::model::Method;
use poem::Request;
use poem_openapi::OpenApi;

use super::Tag;
use super::error::ModelResult;
use crate::caller::VerifiedUser;
use crate::json::Free;
use crate::param::Rest;
use crate::provider::{
    self, EmbeddingForm, Embeddings, ProviderAnswer, ProviderDocument, RelayedBody, RelayedBytes,
};
use crate::raw::{JsonText, Raw};

pub(super) struct EmbeddingApi {
    pub(super) models: Arc<Models>,
}

#[OpenApi(tag = "crate::completion::Tag::Completions")]
impl EmbeddingApi {
    /// Embeds texts at the provider of a model.
    #[oai(path = "/api/embeddings", method = "post", operation_id = "completions_embed")]
    async fn embed(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<EmbeddingForm>,
    ) -> ModelResult<Raw<JsonText<Embeddings>>> {
        let reply = self.models.embed(&caller.0, body.0).await?;
        Ok(provider::relay(reply).into())
    }

    /// Embeds texts, under the path that OpenAI's clients append.
    #[oai(
        path = "/api/v1/embeddings",
        method = "post",
        operation_id = "completions_embed_v1"
    )]
    async fn embed_v1(
        &self,
        caller: VerifiedUser,
        body: RelayedBody<EmbeddingForm>,
    ) -> ModelResult<Raw<JsonText<Embeddings>>> {
        let reply = self.models.embed(&caller.0, body.0).await?;
        Ok(provider::relay(reply).into())
    }
}

/// Any other path of the first connection.
pub(super) struct ForwardApi {
    pub(super) models: Arc<Models>,
}

impl ForwardApi {
    /// Forwards the path as it was routed: the router's own parameter is decoded and lacks the query.
    async fn forward(
        &self,
        caller: &Caller,
        method: Method,
        request: &Request,
        body: Bytes,
    ) -> ModelResult<Raw<ProviderAnswer>> {
        let uri = request.uri();
        let path = uri.path_and_query().map_or("", |path| path.as_str());
        let path = path.strip_prefix("/openai/").unwrap_or_default();
        let reply = self.models.forward(caller, method, path, body).await?;
        Ok(provider::relay(reply).into())
    }
}

#[OpenApi(prefix_path = "/openai", tag = "Tag::Openai")]
impl ForwardApi {
    /// Forwards any other GET to the first connection.
    #[oai(path = "/*path", method = "get", operation_id = "openai_forward_get")]
    async fn get(
        &self,
        caller: VerifiedUser,
        /// The path below the connection's URL.
        #[oai(name = "path")]
        _path: Rest,
        request: &Request,
        body: Vec<u8>,
    ) -> ModelResult<Raw<ProviderAnswer>> {
        self.forward(&caller.0, Method::Get, request, body.into()).await
    }

    /// Forwards any other POST: to the connection of the model that the body names, or to the first one.
    ///
    /// What asks a model for something must name it, and is forwarded only if the caller may use it.
    #[oai(path = "/*path", method = "post", operation_id = "openai_forward_post")]
    async fn post(
        &self,
        caller: VerifiedUser,
        /// The path below the connection's URL.
        #[oai(name = "path")]
        _path: Rest,
        request: &Request,
        body: RelayedBytes<Free<ProviderDocument>>,
    ) -> ModelResult<Raw<ProviderAnswer>> {
        self.forward(&caller.0, Method::Post, request, body.0).await
    }

    /// Forwards any other PUT to the first connection.
    #[oai(path = "/*path", method = "put", operation_id = "openai_forward_put")]
    async fn put(
        &self,
        caller: VerifiedUser,
        /// The path below the connection's URL.
        #[oai(name = "path")]
        _path: Rest,
        request: &Request,
        body: RelayedBytes<Free<ProviderDocument>>,
    ) -> ModelResult<Raw<ProviderAnswer>> {
        self.forward(&caller.0, Method::Put, request, body.0).await
    }

    /// Forwards any other DELETE to the first connection.
    #[oai(path = "/*path", method = "delete", operation_id = "openai_forward_delete")]
    async fn delete(
        &self,
        caller: VerifiedUser,
        /// The path below the connection's URL.
        #[oai(name = "path")]
        _path: Rest,
        request: &Request,
        body: Vec<u8>,
    ) -> ModelResult<Raw<ProviderAnswer>> {
        self.forward(&caller.0, Method::Delete, request, body.into())
            .await
    }
}
