use diesel::result::{DatabaseErrorKind, Error as DieselError};
use keelson_domain::shared::{BoxError, StoreError};

/// Why a database cannot be used. Never holds the password.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// `DATABASE_URL` or one of its parts is wrong.
    #[error("{variable} is not valid: {reason}")]
    BadUrl {
        /// The variable.
        variable: &'static str,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// The database cannot be opened.
    #[error("cannot open the database at {place}: {reason}")]
    Unreachable {
        /// File, or host and database name.
        place: String,
        /// What the driver says.
        reason: String,
    },
    /// The database was made by another version of the reference.
    #[error(
        "the database is at revision {found}, but this version of Keelson works with revision {wanted} (Open WebUI \
         0.6.43); nothing was changed. If it is older, start Open WebUI 0.6.43 on it once, which migrates it; if it is \
         newer, use a newer Keelson"
    )]
    OtherRevision {
        /// Revision found.
        found: String,
        /// Revision that we work with.
        wanted: &'static str,
    },
    /// The database holds other tables than it should.
    #[error(
        "the database does not fit: {reason}; nothing was changed. Restore it from a backup, or start with an empty one"
    )]
    OtherSchema {
        /// What does not fit.
        reason: String,
    },
    /// A migration failed; it was rolled back.
    #[error("a migration failed and was rolled back: {0}")]
    Migration(String),
}

/// Maps a driver's error for `what` (a table or unique key).
pub fn failed(what: &'static str) -> impl Fn(DieselError) -> StoreError {
    move |error| match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => StoreError::Conflict { what },
        DieselError::DeserializationError(reason) => StoreError::Inconsistent {
            table: what,
            column: "?",
            row: "?".to_owned(),
            reason: reason.to_string(),
        },
        other => StoreError::unavailable(other),
    }
}

/// Maps a pool's error.
pub(crate) fn no_connection(error: impl Into<BoxError>) -> StoreError {
    StoreError::unavailable(error)
}
