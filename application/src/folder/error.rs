use keelson_domain::access::Denied;
use keelson_domain::folder::Misplaced;
use keelson_domain::shared::{BoxError, StoreError};

/// Why something cannot be done with a folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is no such folder among the caller's.
    #[error("there is no such folder")]
    NotFound,
    /// There is no such folder to put it in.
    #[error("there is no such folder to put it in")]
    NoParent,
    /// Folders are off, or the caller may not do this.
    #[error("you may not do this with folders")]
    NotAllowed,
    /// A folder beside it has the name.
    #[error("there is a folder of this name already")]
    NameTaken,
    /// A folder cannot lie in itself.
    #[error("a folder cannot be moved into itself or into one below it")]
    InsideItself,
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] BoxError),
}

impl From<StoreError> for FolderError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}

impl From<Denied> for FolderError {
    fn from(_: Denied) -> Self {
        Self::NotAllowed
    }
}

impl From<Misplaced> for FolderError {
    fn from(misplaced: Misplaced) -> Self {
        match misplaced {
            Misplaced::NoParent => Self::NoParent,
            Misplaced::NameTaken => Self::NameTaken,
            Misplaced::InsideItself => Self::InsideItself,
        }
    }
}
