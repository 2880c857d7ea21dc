use bytes::Bytes;
use keelson_domain::auth::Caller;
use keelson_domain::model::{Method, ProviderCall, ProviderReply, is_proxy_path, needs_model};
use serde_json::{Map, Value, json};

use super::proxy_body::{ProxyBody, check_only_model, check_query, named_model};
use super::route::{Route, Unlisted};
use super::{ModelError, Models};

impl Models {
    /// Forwards any other path of the OpenAI protocol: to the connection that serves the model that the body names, or
    /// to the first one. Users reach only the endpoints that the operator opened to them.
    ///
    /// # Errors
    /// [`ModelError::NotFound`] when there is no connection or the path leaves its URL,
    /// [`ModelError::EndpointNotOpen`], [`ModelError::UnreadableBody`], [`ModelError::NoModelNamed`],
    /// [`ModelError::OtherModels`], [`ModelError::NotAllowed`], [`ModelError::Provider`].
    pub async fn forward(
        &self,
        caller: &Caller,
        method: Method,
        target: &str,
        body: Bytes,
    ) -> Result<ProviderReply, ModelError> {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        // The connection's key must not reach anything outside its URL.
        if !is_proxy_path(path) {
            return Err(ModelError::NotFound);
        }
        let access = self.access.of(caller).await?;
        let mut open = self.deployment.providers.proxy_endpoints.iter();
        if !access.administers() && !open.any(|endpoint| endpoint.includes(method, path)) {
            return Err(ModelError::EndpointNotOpen);
        }
        let sees_all = access.sees_all_models();
        let needs_model = needs_model(method, path);
        if needs_model && !sees_all {
            check_query(query)?;
        }
        let mut body = ProxyBody::read(body);
        if let ProxyBody::Opaque(..) = &body
            && (needs_model || !sees_all)
        {
            return Err(body.into_document().err().unwrap_or(ModelError::NotFound));
        }
        let route = self.route_body(caller, &mut body, needs_model).await?;
        self.send(caller, route, (method, target), body).await
    }

    /// Reads a text aloud at OpenAI, where there is a connection to it.
    ///
    /// # Errors
    /// [`ModelError::UnreadableBody`], [`ModelError::NoModelNamed`], [`ModelError::NotFound`] when there is no such
    /// connection, [`ModelError::NotAllowed`], [`ModelError::Provider`].
    pub async fn speak(&self, caller: &Caller, body: Bytes) -> Result<ProviderReply, ModelError> {
        let mut fields = ProxyBody::read(body).into_document()?;
        let route = self.route_document(caller, &mut fields, Unlisted::OpenAi).await?;
        let body = ProxyBody::Document(fields);
        self.send(caller, route, (Method::Post, "audio/speech"), body)
            .await
    }

    /// Embeds texts at the model's provider; callers who see all models may name unlisted models of the first connection.
    ///
    /// # Errors
    /// [`ModelError::NoModelNamed`], [`ModelError::NotFound`] when there is no connection, [`ModelError::NotAllowed`],
    /// [`ModelError::Provider`].
    pub async fn embed(
        &self,
        caller: &Caller,
        mut fields: Map<String, Value>,
    ) -> Result<ProviderReply, ModelError> {
        let route = self.route_document(caller, &mut fields, Unlisted::First).await?;
        let body = ProxyBody::Document(fields);
        self.send(caller, route, (Method::Post, "embeddings"), body).await
    }

    /// Where a body goes.
    async fn route_body(
        &self,
        caller: &Caller,
        body: &mut ProxyBody,
        needs_model: bool,
    ) -> Result<Route, ModelError> {
        match body {
            ProxyBody::Document(fields) if needs_model || fields.contains_key("model") => {
                self.route_document(caller, fields, Unlisted::First).await
            }
            ProxyBody::Empty if needs_model => Err(ModelError::NoModelNamed),
            ProxyBody::Document(fields) => {
                if !self.access.of(caller).await?.sees_all_models() {
                    check_only_model(fields)?;
                }
                self.route(caller, None, Unlisted::First).await
            }
            ProxyBody::Empty | ProxyBody::Opaque(..) => self.route(caller, None, Unlisted::First).await,
        }
    }

    /// Where a document goes that must name a model; the model gets the name that its provider knows.
    async fn route_document(
        &self,
        caller: &Caller,
        fields: &mut Map<String, Value>,
        unlisted: Unlisted,
    ) -> Result<Route, ModelError> {
        let model = named_model(fields)?.ok_or(ModelError::NoModelNamed)?;
        if !self.access.of(caller).await?.sees_all_models() {
            check_only_model(fields)?;
        }
        let route = self.route(caller, Some(model), unlisted).await?;
        if let Some(upstream) = &route.upstream_id {
            fields.insert("model".to_owned(), json!(upstream));
        }
        Ok(route)
    }

    async fn send(
        &self,
        caller: &Caller,
        route: Route,
        (method, path): (Method, &str),
        body: ProxyBody,
    ) -> Result<ProviderReply, ModelError> {
        let body = match body {
            ProxyBody::Empty => Bytes::new(),
            ProxyBody::Document(fields) => Bytes::from(Value::Object(fields).to_string()),
            ProxyBody::Opaque(bytes, _) => bytes,
        };
        let call = ProviderCall {
            method,
            path: path.to_owned(),
            body,
            headers: self.user_headers(caller, None),
        };
        Ok(route.provider.forward(&route.connection, call).await?)
    }
}

/// Does not tell callers with limited access whether a model exists.
pub(super) fn hide_existence(error: ModelError) -> ModelError {
    match error {
        ModelError::NotFound => ModelError::NotAllowed,
        other => other,
    }
}
