//! The one mapping of errors to what clients see: `{"detail": "…"}`, as FastAPI shapes it.
//!
//! Each room has one `impl From<RoomError> for ApiError`, an exhaustive `match`. Unexpected errors are logged
//! here with their sources and shown as a plain 500.

use keelson_application::auth::AuthError;
use keelson_application::chat::ChatError;
use keelson_application::completion::CompletionError;
use keelson_application::config::ConfigError;
use keelson_application::folder::FolderError;
use keelson_application::generation::GenerationError;
use keelson_application::group::GroupError;
use keelson_application::model::ModelError;
use keelson_application::realtime::RealtimeError;
use keelson_application::user::UserError;
use keelson_application::workspace::WorkspaceError;
use keelson_domain::shared::{BoxError, StoreError};
use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponses, Registry};
use serde_json::{Value, json};

use crate::completion::relay;

/// An answer that is not a success.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    detail: Value,
    /// A document of a provider, which is relayed instead.
    document: Option<Box<Value>>,
}

/// What a handler answers.
pub type ApiResult<T> = Result<T, ApiError>;

impl ApiError {
    /// An error with a text.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: Value::String(detail.into()),
            document: None,
        }
    }

    /// An error with a structured detail, such as a list of validation errors.
    pub fn with_detail(status: StatusCode, detail: Value) -> Self {
        Self {
            status,
            detail,
            document: None,
        }
    }

    /// A provider's error as it is.
    pub fn document(status: StatusCode, document: Value) -> Self {
        Self {
            status,
            detail: Value::Null,
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

    /// 422 with the validation errors of a request.
    pub fn unprocessable(errors: Vec<Value>) -> Self {
        Self::with_detail(StatusCode::UNPROCESSABLE_ENTITY, Value::Array(errors))
    }

    /// 500: logs the error and its sources, shows neither.
    pub fn unexpected(error: &BoxError) -> Self {
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

    fn response(&self) -> Response {
        let body = match &self.document {
            Some(document) => document.to_string(),
            None => json!({ "detail": self.detail }).to_string(),
        };
        Response::builder()
            .status(self.status)
            .content_type("application/json")
            .body(body)
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
        self.response()
    }
}

impl From<ApiError> for poem::Error {
    fn from(error: ApiError) -> Self {
        Self::from_response(error.response())
    }
}

/// Errors are not part of an operation's schema: the contract lists successes and 422 only.
impl ApiResponse for ApiError {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: Vec::new(),
        }
    }

    fn register(_registry: &mut Registry) {}
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        let status = match &error {
            AuthError::NotSignedIn | AuthError::RoleNotAllowed | AuthError::OtherUser => {
                StatusCode::UNAUTHORIZED
            }
            AuthError::WrongCredentials
            | AuthError::TrustedHeaderMissing
            | AuthError::AccountsExist
            | AuthError::EmailTaken
            | AuthError::InvalidEmail(_)
            | AuthError::WeakPassword(_)
            | AuthError::WrongPassword
            | AuthError::NotEnabled(_)
            | AuthError::DetailsHidden => StatusCode::BAD_REQUEST,
            AuthError::SignUpClosed | AuthError::PasswordAuthOff | AuthError::ApiKeysNotAllowed => {
                StatusCode::FORBIDDEN
            }
            AuthError::NoApiKey => StatusCode::NOT_FOUND,
            AuthError::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            AuthError::Unexpected(source) => return Self::unexpected(source),
        };
        Self::new(status, sentence(&error))
    }
}

impl From<RealtimeError> for ApiError {
    fn from(error: RealtimeError) -> Self {
        match error {
            RealtimeError::AdminsOnly => Self::forbidden("Only admins may see the usage here."),
            RealtimeError::Unexpected(source) => Self::unexpected(&source),
        }
    }
}

impl From<UserError> for ApiError {
    fn from(error: UserError) -> Self {
        let status = match &error {
            UserError::NotFound
            | UserError::EmailTaken
            | UserError::InvalidEmail(_)
            | UserError::WeakPassword(_) => StatusCode::BAD_REQUEST,
            UserError::FirstAdmin | UserError::Oneself => StatusCode::FORBIDDEN,
            UserError::Unexpected(source) => return Self::unexpected(source),
        };
        Self::new(status, sentence(&error))
    }
}

impl From<ChatError> for ApiError {
    fn from(error: ChatError) -> Self {
        let status = match &error {
            ChatError::NotFound | ChatError::NotAllowed => StatusCode::UNAUTHORIZED,
            ChatError::Unknown | ChatError::NoFolder => StatusCode::NOT_FOUND,
            ChatError::ReservedTag | ChatError::TitleIsNoText => StatusCode::BAD_REQUEST,
            ChatError::Unexpected(source) => return Self::unexpected(source),
        };
        Self::new(status, sentence(&error))
    }
}

impl From<ModelError> for ApiError {
    fn from(error: ModelError) -> Self {
        let status = match &error {
            ModelError::NotFound => StatusCode::NOT_FOUND,
            ModelError::NotAllowed => StatusCode::FORBIDDEN,
            ModelError::NotPermitted | ModelError::ReadOnly | ModelError::IdTaken => StatusCode::UNAUTHORIZED,
            ModelError::InvalidId | ModelError::InvalidImport(_) => StatusCode::BAD_REQUEST,
            ModelError::Unexpected(source) => return Self::unexpected(source),
        };
        Self::new(status, sentence(&error))
    }
}

impl From<CompletionError> for ApiError {
    fn from(error: CompletionError) -> Self {
        match &error {
            CompletionError::NoModel
            | CompletionError::NoMessages
            | CompletionError::InvalidField { .. }
            | CompletionError::NoChat
            | CompletionError::Model(_) => Self::bad_request(sentence(&error)),
            CompletionError::Provider(error) => relay::error(error),
            CompletionError::Unexpected(source) => Self::unexpected(source),
        }
    }
}

impl From<GenerationError> for ApiError {
    fn from(error: GenerationError) -> Self {
        match &error {
            GenerationError::Model(ModelError::NotFound) => Self::not_found(sentence(&error)),
            GenerationError::Disabled(_)
            | GenerationError::NotAllowed(_)
            | GenerationError::TooLong(_)
            | GenerationError::Model(_) => Self::bad_request(sentence(&error)),
            GenerationError::NoModel => Self::not_found(sentence(&error)),
            GenerationError::Provider(error) => relay::error(error),
            GenerationError::Unexpected(source) => Self::unexpected(source),
        }
    }
}

impl From<FolderError> for ApiError {
    fn from(error: FolderError) -> Self {
        let status = match &error {
            FolderError::NotFound | FolderError::NoParent => StatusCode::NOT_FOUND,
            FolderError::NotAllowed => StatusCode::FORBIDDEN,
            FolderError::NameTaken | FolderError::InsideItself => StatusCode::BAD_REQUEST,
            FolderError::Unexpected(source) => return Self::unexpected(source),
        };
        Self::new(status, sentence(&error))
    }
}

impl From<ConfigError> for ApiError {
    fn from(error: ConfigError) -> Self {
        match &error {
            ConfigError::WrongKind { .. } | ConfigError::NotAnObject => Self::bad_request(sentence(&error)),
            ConfigError::Unexpected(source) => Self::unexpected(source),
        }
    }
}

impl From<GroupError> for ApiError {
    fn from(error: GroupError) -> Self {
        match &error {
            GroupError::NotFound => Self::bad_request(sentence(&error)),
            GroupError::Unexpected(source) => Self::unexpected(source),
        }
    }
}

impl From<WorkspaceError> for ApiError {
    fn from(error: WorkspaceError) -> Self {
        match &error {
            WorkspaceError::ChannelsOff => Self::forbidden(sentence(&error)),
            WorkspaceError::NotAllowed => Self::unauthorized(sentence(&error)),
            WorkspaceError::Unexpected(source) => Self::unexpected(source),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let source: BoxError = Box::new(error);
        Self::unexpected(&source)
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
