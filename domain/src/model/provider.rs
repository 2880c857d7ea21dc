use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;
use secrecy::SecretString;
use serde_json::{Map, Value};

use crate::shared::BoxError;

/// Where a provider is and how to speak to it: one row of the admin's connections page.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Position in the list of connections; clients know it as `urlIdx`.
    pub index: usize,
    /// Base URL without a trailing slash.
    pub url: String,
    /// API key, empty when none is needed.
    pub key: SecretString,
    /// The connection's options as stored: `enable`, `prefix_id`, `model_ids`, `tags`, `auth_type`, `azure`,
    /// `api_version`, `headers`, `connection_type`, `provider`…
    pub options: Map<String, Value>,
}

impl Connection {
    /// The base URL as it may be logged: without credentials and query.
    pub fn address(&self) -> String {
        let bare = self.url.split(['?', '#']).next().unwrap_or_default();
        let (scheme, rest) = match bare.split_once("://") {
            Some((scheme, rest)) => (format!("{scheme}://"), rest),
            None => (String::new(), bare),
        };
        let host_end = rest.find('/').unwrap_or(rest.len());
        let host_start = rest[..host_end].rfind('@').map_or(0, |at| at + 1);
        scheme + &rest[host_start..]
    }
}

/// One call to a provider.
#[derive(Debug, Clone)]
pub struct ProviderRequest {
    /// The JSON body as it goes out.
    pub body: Value,
    /// Headers added to the provider's own (user information, trace context).
    pub headers: Vec<(String, String)>,
}

/// How a path is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// Reads a method by its name, whatever its case.
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_uppercase().as_str() {
            "GET" => Some(Self::Get),
            "POST" => Some(Self::Post),
            "PUT" => Some(Self::Put),
            "DELETE" => Some(Self::Delete),
            _ => None,
        }
    }
}

/// A call of any other path of a provider.
#[derive(Debug, Clone)]
pub struct ProviderCall {
    /// Method.
    pub method: Method,
    /// Path below the connection's URL, without a leading slash; may hold a query.
    pub path: String,
    /// JSON body, empty for none.
    pub body: Bytes,
    /// Headers added to the provider's own.
    pub headers: Vec<(String, String)>,
}

/// Bytes as they come from the provider.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, ProviderError>> + Send>>;

/// What a provider lists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ListedModels {
    /// The models that it offers (`{"id": …, …}` each).
    pub models: Vec<Value>,
    /// Whether it says that it is a server of pipelines.
    pub has_pipelines: bool,
}

/// What a provider answered.
pub enum ProviderReply {
    /// A whole JSON document.
    Json {
        /// HTTP status.
        status: u16,
        /// Body.
        body: Value,
    },
    /// Bytes of any other type, untouched: server-sent events, sound.
    Stream {
        /// HTTP status.
        status: u16,
        /// `content-type` as the provider sent it.
        content_type: String,
        /// Body; dropping it closes the connection to the provider.
        body: ByteStream,
    },
}

/// Why a provider gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It answered with an error.
    #[error("the provider answered with status {status}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Its error document, or its text as a JSON string.
        body: Value,
    },
    /// It answered with a redirect: following it would take the request and its key to where the admin did not send them.
    #[error(
        "the provider answered with a redirect (status {status}), and redirects are not followed: give the connection the URL that it leads to"
    )]
    Redirected {
        /// HTTP status.
        status: u16,
    },
    /// It could not be reached.
    #[error("the provider cannot be reached")]
    Unreachable(#[source] BoxError),
    /// A time-out ran out; names which one.
    #[error("the provider did not answer in time ({phase})")]
    TimedOut {
        /// `connect`, `first byte` or `idle`.
        phase: &'static str,
    },
    /// The answer broke off in the middle.
    #[error("the provider's answer broke off")]
    Broken(#[source] BoxError),
    /// The connection's `auth_type` is none that is known here.
    #[error(
        "the connection signs in by \"{0}\", which this server cannot do; its auth_type may be bearer, session or none"
    )]
    UnknownSignIn(String),
    /// A header of the connection cannot be sent.
    #[error(
        "the connection's header \"{0}\" cannot be sent: a name holds letters, digits and dashes, a value no line break"
    )]
    InvalidHeader(String),
    /// The answer is longer than the operator lets it be.
    #[error("the provider's answer is longer than {limit} bytes ({setting})")]
    TooLong {
        /// How many bytes are taken.
        limit: usize,
        /// The variable that says so.
        setting: &'static str,
    },
    /// The answer holds more values than its length lets expect.
    #[error("the provider's answer holds {values} values in {bytes} bytes, and that many are not taken")]
    TooManyValues {
        /// How many values.
        values: usize,
        /// In how many bytes.
        bytes: usize,
    },
    /// The answer is not what the protocol promises.
    #[error("the provider's answer cannot be read: {0}")]
    Unreadable(String),
}

/// Speaks one provider protocol (OpenAI, the built-in demo model…). Stateless: the connection is
/// passed in. No lock, transaction or database connection is held across these calls.
#[async_trait]
pub trait ModelProvider: Send + Sync {
    /// The models that a connection offers, as the provider lists them.
    async fn models(
        &self,
        connection: &Connection,
        headers: &[(String, String)],
    ) -> Result<ListedModels, ProviderError>;

    /// A chat completion. With `"stream": true` in the body the reply is a stream, if the provider
    /// streams; a provider may answer JSON all the same.
    async fn chat(
        &self,
        connection: &Connection,
        request: ProviderRequest,
    ) -> Result<ProviderReply, ProviderError>;

    /// Any other path, such as `embeddings`. The same errors as [`ModelProvider::chat`].
    async fn forward(
        &self,
        connection: &Connection,
        call: ProviderCall,
    ) -> Result<ProviderReply, ProviderError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_no_secret() {
        for (url, address) in [
            ("http://p.test:8000/v1", "http://p.test:8000/v1"),
            ("https://u:hidden@p.test/v1", "https://p.test/v1"),
            ("https://hidden@p.test", "https://p.test"),
            ("https://p.test/v1?key=hidden", "https://p.test/v1"),
            ("https://p.test/a@b", "https://p.test/a@b"),
            ("u:hidden@p.test/v1", "p.test/v1"),
            ("", ""),
        ] {
            let connection = Connection {
                index: 0,
                url: url.to_owned(),
                key: SecretString::default(),
                options: Map::new(),
            };
            assert_eq!(connection.address(), address);
        }
    }
}
