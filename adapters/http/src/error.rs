//! What clients see when an operation fails: `{"detail": "…"}`, as FastAPI shapes it.
//!
//! A room maps its own error enum in `<room>/error.rs` by implementing [`Failure`]; its operations answer
//! `Result<T, Failed<RoomError>>`, so that the document lists the statuses. Unexpected errors are logged here with
//! their sources and shown as a plain 500.

use std::marker::PhantomData;

use keelson_domain::shared::{BoxError, StoreError};
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};
use poem_openapi::{ApiResponse, Object, Union};
use serde_json::{Value, json};

use crate::openai_error::{OpenAiError, is_openai_path};

/// A room's errors as clients see them.
pub trait Failure: std::error::Error + Send + Sync + 'static {
    /// The statuses that the room's operations answer, each with what it means. 422 for requests that do not fit, and
    /// 401 and 403 of the sign-in are declared for every operation by itself.
    const ANSWERS: &'static [(u16, &'static str)];

    /// The answer to one error: an exhaustive `match`.
    fn into_answer(self) -> ApiError;
}

/// A failure of a room's operation, made from the room's error by `?`.
#[derive(Debug)]
pub struct Failed<E>(ApiError, PhantomData<fn() -> E>);

impl<E: Failure> From<E> for Failed<E> {
    fn from(error: E) -> Self {
        error.into_answer().into()
    }
}

impl<E: Failure> From<ApiError> for Failed<E> {
    fn from(answer: ApiError) -> Self {
        let status = answer.status.as_u16();
        debug_assert!(
            answer.document.is_some()
                || status >= 500
                || status == 422
                || E::ANSWERS.iter().any(|(declared, _)| *declared == status),
            "{} answers {status} without declaring it",
            std::any::type_name::<E>(),
        );
        Self(answer, PhantomData)
    }
}

impl<E: Failure> From<E> for ApiError {
    fn from(error: E) -> Self {
        error.into_answer()
    }
}

impl<E> From<Failed<E>> for poem::Error {
    fn from(failed: Failed<E>) -> Self {
        failed.0.into()
    }
}

impl<E> IntoResponse for Failed<E> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<E: Failure> ApiResponse for Failed<E> {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: E::ANSWERS
                .iter()
                .map(|(status, meaning)| error_meta(*status, meaning))
                .collect(),
        }
    }

    fn register(registry: &mut Registry) {
        HttpError::register(registry);
    }
}

/// Declares an answer with an [`HttpError`].
pub(crate) fn error_meta(status: u16, meaning: &'static str) -> MetaResponse {
    MetaResponse {
        description: meaning,
        status: Some(status),
        status_range: None,
        content: vec![MetaMediaType {
            content_type: "application/json",
            schema: HttpError::schema_ref(),
        }],
        headers: vec![],
    }
}

/// Why an operation was refused or failed.
#[derive(Object)]
#[oai(rename = "HTTPError")]
pub(crate) struct HttpError {
    /// The reason, as a sentence.
    detail: String,
    /// The same for clients of the OpenAI protocol, on the paths on which they call.
    #[oai(skip_serializing_if_is_none)]
    error: Option<OpenAiError>,
}

/// Why a request does not fit its operation.
#[derive(Object)]
#[oai(rename = "HTTPValidationError")]
pub(crate) struct HttpValidationError {
    /// Every part of the request that does not fit.
    detail: Vec<ValidationError>,
    /// The same for clients of the OpenAI protocol, on the paths on which they call.
    #[oai(skip_serializing_if_is_none)]
    error: Option<OpenAiError>,
}

/// A part of a request that does not fit.
#[derive(Debug, Clone, Object)]
pub struct ValidationError {
    /// The kind of fault, such as `missing` or `int_parsing`.
    #[oai(rename = "type")]
    kind: String,
    /// Where: `body`, `query` or `path`, then names of fields and positions in lists.
    loc: Vec<Place>,
    /// What is expected.
    msg: String,
    /// What was sent.
    input: Value,
    /// What else is known of the fault.
    #[oai(skip_serializing_if_is_none)]
    ctx: Option<FaultContext>,
}

/// What else is known of a fault.
#[derive(Debug, Clone, Object)]
struct FaultContext {
    /// What the parser says.
    #[oai(skip_serializing_if_is_none)]
    error: Option<String>,
    /// The longest text that is taken, in characters.
    #[oai(skip_serializing_if_is_none)]
    max_length: Option<u64>,
}

/// The name of a field, or a position in a list or a text.
#[derive(Debug, Clone, PartialEq, Eq, Union)]
pub enum Place {
    /// A name.
    Name(String),
    /// A position, from 0.
    Position(u64),
}

impl From<&str> for Place {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl From<usize> for Place {
    fn from(position: usize) -> Self {
        Self::Position(position as u64)
    }
}

impl ValidationError {
    /// A fault of a kind at a place.
    pub fn new(kind: &str, loc: Vec<Place>, message: impl Into<String>, input: Value) -> Self {
        Self {
            kind: kind.to_owned(),
            loc,
            msg: message.into(),
            input,
            ctx: None,
        }
    }

    /// Adds what the parser says.
    pub(crate) fn with_cause(mut self, error: &dyn std::error::Error) -> Self {
        self.ctx = Some(FaultContext {
            error: Some(error.to_string()),
            max_length: None,
        });
        self
    }

    /// A text of more than `most` characters.
    pub(crate) fn too_long(loc: Vec<Place>, most: usize, input: Value) -> Self {
        let message = format!("String should have at most {most} characters");
        Self {
            ctx: Some(FaultContext {
                error: None,
                max_length: Some(most as u64),
            }),
            ..Self::new("string_too_long", loc, message, input)
        }
    }
}

/// An answer that is not a success.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    detail: Value,
    /// After how many seconds it is worth trying again, where that is known.
    retry_after: Option<u64>,
    /// A document of a provider, which is relayed instead.
    document: Option<Box<Value>>,
}

/// What an operation answers that can fail in no way of its room's own.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// An error with a text.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: Value::String(detail.into()),
            retry_after: None,
            document: None,
        }
    }

    /// An error of a room with its text as a sentence.
    pub fn of(status: StatusCode, error: &dyn std::error::Error) -> Self {
        Self::new(status, sentence(error))
    }

    /// A provider's error as it is.
    pub fn document(status: StatusCode, document: Value) -> Self {
        Self {
            status,
            detail: Value::Null,
            retry_after: None,
            document: Some(Box::new(document)),
        }
    }

    /// 400.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 401, which the reference uses for "not signed in" and for most "not yours".
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 404.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// 422 with what does not fit.
    pub fn unprocessable(errors: &[ValidationError]) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            detail: errors.iter().filter_map(ToJSON::to_json).collect(),
            retry_after: None,
            document: None,
        }
    }

    /// 500: logs the error and its sources, shows neither. 503 with `Retry-After` when the server is busy.
    pub fn unexpected(error: &BoxError) -> Self {
        if let Some(StoreError::Busy { what, retry_after }) = error.downcast_ref() {
            let detail = format!("Too many {what} at once: try again in a moment.");
            return Self {
                retry_after: Some(retry_after.as_secs().max(1)),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, detail)
            };
        }
        let mut causes = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push_str(": ");
            causes.push_str(&cause.to_string());
            source = cause.source();
        }
        tracing::error!(error = causes, "unexpected error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer to a request for this path: on the paths that OpenAI's clients call, they find the text under `error`
    /// too.
    pub(crate) fn answer_to(&self, path: &str) -> Response {
        let mut document = match &self.document {
            Some(document) => (**document).clone(),
            None => json!({ "detail": self.detail }),
        };
        if is_openai_path(path) {
            OpenAiError::add_to(self.status, &mut document);
        }
        let response = Response::builder()
            .status(self.status)
            .content_type("application/json");
        match self.retry_after {
            Some(seconds) => response.header(header::RETRY_AFTER, seconds),
            None => response,
        }
        .body(document.to_string())
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status, self.detail)
    }
}

impl std::error::Error for ApiError {}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.answer_to("")
    }
}

impl From<ApiError> for poem::Error {
    fn from(error: ApiError) -> Self {
        let status = error.status;
        Self::new(error, status)
    }
}

/// The statuses of no room: 401, 403 and 422 are declared for every operation by itself.
impl ApiResponse for ApiError {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: Vec::new(),
        }
    }

    fn register(_registry: &mut Registry) {}
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::unexpected(&error.into())
    }
}

/// An error's text as a sentence.
fn sentence(error: &dyn std::error::Error) -> String {
    let text = error.to_string();
    let mut letters = text.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().collect::<String>())
        .unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(error: &ApiError, path: &str) -> Value {
        let text = error
            .answer_to(path)
            .into_body()
            .into_string()
            .await
            .expect("a text");
        serde_json::from_str(&text).expect("JSON")
    }

    #[tokio::test]
    async fn openai_clients_find_the_text_under_error() {
        let error = ApiError::not_found("There is no such model.");
        assert_eq!(
            body(&error, "/api/chat/completions").await,
            json!({
                "detail": "There is no such model.",
                "error": {"message": "There is no such model.", "type": "not_found_error", "code": "not_found"},
            })
        );
        assert_eq!(
            body(&error, "/api/v1/chats/x").await,
            json!({"detail": "There is no such model."})
        );
        let loc = vec![Place::from("body"), Place::from("messages"), Place::from(0)];
        let error = ApiError::unprocessable(&[ValidationError::new(
            "missing",
            loc,
            "Field required",
            Value::Null,
        )]);
        assert_eq!(
            body(&error, "/openai/chat/completions").await["error"]["message"],
            "body.messages.0: Field required"
        );
    }

    #[tokio::test]
    async fn a_provider_s_document_stays_as_it_is() {
        let document = json!({"error": {"message": "no"}});
        let error = ApiError::document(StatusCode::PAYMENT_REQUIRED, document.clone());
        assert_eq!(body(&error, "/api/chat/completions").await, document);
    }
}
