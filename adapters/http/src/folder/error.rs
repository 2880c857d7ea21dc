use keelson_application::folder::FolderError;
use poem::http::StatusCode;

use crate::error::{ApiError, Failed, Failure};

impl Failure for FolderError {
    const ANSWERS: &'static [(u16, &'static str)] = &[
        (
            400,
            "The name is taken beside it, or the folder would lie in itself.",
        ),
        (403, "Folders are switched off, or the caller may not do this."),
        (404, "There is no such folder."),
    ];

    fn into_answer(self) -> ApiError {
        let status = match &self {
            FolderError::NotFound | FolderError::NoParent => StatusCode::NOT_FOUND,
            FolderError::NotAllowed => StatusCode::FORBIDDEN,
            FolderError::NameTaken | FolderError::InsideItself => StatusCode::BAD_REQUEST,
            FolderError::Unexpected(source) => return ApiError::unexpected(source),
        };
        ApiError::of(status, &self)
    }
}

/// What an operation on folders answers.
pub(super) type FolderResult<T> = Result<T, Failed<FolderError>>;
