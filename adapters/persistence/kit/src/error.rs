use diesel::result::{DatabaseErrorKind, Error as DieselError};
use keelson_domain::shared::{BoxError, StoreError};

use crate::migrate::Age;

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
    #[error(
        "cannot open the database at {place}: {reason}. Check that it is there and that DATABASE_URL names it and its \
         user rightly"
    )]
    Unreachable {
        /// File, or host and database name.
        place: String,
        /// What the driver says.
        reason: String,
    },
    /// The file is there, but is no database, or a broken one.
    #[error(
        "cannot read the database {place}: {reason}; nothing was changed. Restore it from a backup, or let DATABASE_URL \
         name another"
    )]
    Unreadable {
        /// File.
        place: String,
        /// What the driver says.
        reason: String,
    },
    /// The database was made by another version of the reference.
    #[error("the database is at revision {found}, {}", told(*.age, .wanted))]
    OtherRevision {
        /// Whether an older version made it.
        age: Age,
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
    #[error("a migration failed and was rolled back: {reason}{}", room(.reason))]
    Migration {
        /// What the driver says.
        reason: String,
    },
}

/// What is wrong with a revision, and what to do.
fn told(age: Age, wanted: &str) -> String {
    match age {
        Age::Older => format!(
            "made by an older Open WebUI; Keelson works with revision {wanted} (Open WebUI 0.6.43). Nothing was changed: \
             make a backup and start Open WebUI 0.6.43 on it once, which migrates it"
        ),
        Age::Unknown => format!(
            "which Open WebUI 0.6.43 (revision {wanted}) does not know: a newer version made it. Nothing was changed: use \
             a newer Keelson, or a backup from before the upgrade"
        ),
    }
}

/// What to do about a disk without room.
fn room(reason: &str) -> &'static str {
    if reason.contains("is full") || reason.contains("No space left") {
        "; free some space and start again"
    } else {
        ""
    }
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
