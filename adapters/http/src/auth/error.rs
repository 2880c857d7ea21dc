use keelson_application::auth::{AuthError, UnknownProvider};
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for AuthError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (
            400,
            "The credentials or the values of the account are not accepted.",
        ),
        (401, "Not signed in, or not with a role that may do this."),
        (
            403,
            "The way of signing in is switched off, or API keys are not allowed.",
        ),
        (404, "There is no API key."),
        (429, "Too many attempts to sign in; wait before the next."),
        (
            503,
            "Too many passwords are being checked; `Retry-After` says when to try again.",
        ),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
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
            | AuthError::UnknownRole(_)
            | AuthError::DetailsHidden => StatusCode::BAD_REQUEST,
            AuthError::SignUpClosed | AuthError::PasswordAuthOff | AuthError::ApiKeysNotAllowed => {
                StatusCode::FORBIDDEN
            }
            AuthError::NoApiKey => StatusCode::NOT_FOUND,
            AuthError::TooManyTries => StatusCode::TOO_MANY_REQUESTS,
            AuthError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}

/// What an operation on sign-in answers.
pub(super) type AuthResult<T> = Result<T, Failed<AuthError>>;

impl Failure for UnknownProvider {
    const ANSWERS: &'static [(u16, &'static str)] = &[(404, "No such sign-in provider is configured.")];

    fn into_answer(self) -> ApiError {
        ApiError::of(StatusCode::NOT_FOUND, &self)
    }
}

/// What an operation on sign-in providers answers.
pub(super) type ProviderResult<T> = Result<T, Failed<UnknownProvider>>;
