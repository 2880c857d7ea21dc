//! The OpenAI protocol, as OpenAI itself, Azure and many others speak it.

mod body;
mod endpoint;
mod failures;
mod form;
mod headers;
mod limits;
mod reply;

use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::config::deployment::Providers;
use keelson_domain::model::{
    Connection, ListedModels, Method, ModelProvider, ProviderCall, ProviderError, ProviderReply,
    ProviderRequest,
};
use limits::Limits;
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};

use failures::FailureLog;

/// How long connecting to a provider may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Calls providers over HTTP. One pool of connections serves all of them.
pub struct OpenAi {
    client: Client,
    first_byte: Option<Duration>,
    limits: Limits,
    failures: FailureLog,
}

impl OpenAi {
    /// With the operator's time-outs.
    ///
    /// # Errors
    /// When the HTTP client cannot be created.
    pub fn new(options: &Providers) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_nodelay(true)
            .tls_danger_accept_invalid_certs(!options.verify_tls)
            // A redirect would take the connection's own headers, and Azure's key, to any host.
            .redirect(Policy::none())
            .build()?;
        Ok(Self {
            client,
            first_byte: options.first_byte,
            limits: Limits {
                idle: options.idle,
                max_document: options.max_document,
            },
            failures: FailureLog::default(),
        })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, ProviderError> {
        let sending = request.send();
        let answer = match self.first_byte {
            Some(timeout) => tokio::time::timeout(timeout, sending)
                .await
                .map_err(|_| ProviderError::TimedOut { phase: "first byte" })?,
            None => sending.await,
        };
        let response = answer.map_err(reply::to_connect_error)?;
        reply::check_status(response, self.limits.idle).await
    }

    fn request(
        &self,
        method: Method,
        url: &str,
        connection: &Connection,
        headers: &[(String, String)],
    ) -> Result<RequestBuilder, ProviderError> {
        let method = match method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let headers = headers::headers(connection, headers)?;
        Ok(self.client.request(method, url).headers(headers))
    }

    async fn list(
        &self,
        connection: &Connection,
        headers: &[(String, String)],
    ) -> Result<ListedModels, ProviderError> {
        let request = self.request(
            Method::Get,
            &endpoint::models_url(connection),
            connection,
            headers,
        )?;
        let response = self.send(request).await?;
        reply::listed_models(reply::read_json(response, self.limits).await?)
            .ok_or_else(|| ProviderError::Unreadable("its list of models is no list".to_owned()))
    }

    async fn ask(
        &self,
        connection: &Connection,
        request: ProviderRequest,
    ) -> Result<ProviderReply, ProviderError> {
        let url = endpoint::chat_url(connection, &request.body);
        let body = body::adapt(connection, request.body);
        let call = self.request(Method::Post, &url, connection, &request.headers)?;
        let response = self.send(call.json(&body)).await?;
        reply::read_answer(response, self.limits).await
    }

    async fn pass_on(
        &self,
        connection: &Connection,
        call: ProviderCall,
    ) -> Result<ProviderReply, ProviderError> {
        let url = endpoint::url(connection, &call.path);
        let mut request = self.request(call.method, &url, connection, &call.headers)?;
        if !call.body.is_empty() {
            request = request.body(call.body);
        }
        reply::read(self.send(request).await?, self.limits).await
    }

    /// Logs a failure, now or while the reply arrives.
    fn watch(
        &self,
        connection: &Connection,
        ended: Result<ProviderReply, ProviderError>,
    ) -> Result<ProviderReply, ProviderError> {
        self.failures.note(connection, &ended);
        ended.map(|reply| self.failures.watch(connection, reply))
    }
}

#[async_trait]
impl ModelProvider for OpenAi {
    async fn models(
        &self,
        connection: &Connection,
        headers: &[(String, String)],
    ) -> Result<ListedModels, ProviderError> {
        let ended = self.list(connection, headers).await;
        self.failures.note(connection, &ended);
        ended
    }

    async fn chat(
        &self,
        connection: &Connection,
        request: ProviderRequest,
    ) -> Result<ProviderReply, ProviderError> {
        self.watch(connection, self.ask(connection, request).await)
    }

    async fn forward(
        &self,
        connection: &Connection,
        call: ProviderCall,
    ) -> Result<ProviderReply, ProviderError> {
        self.watch(connection, self.pass_on(connection, call).await)
    }
}
