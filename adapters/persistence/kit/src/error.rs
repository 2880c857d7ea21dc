use diesel::result::{DatabaseErrorKind, DeserializeFieldError, Error as DieselError};
use keelson_domain::shared::{BoxError, StoreError};

use crate::migrate::RevisionAge;

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
    #[error("the database is at revision {found}, {}", revision_advice(*.age, .wanted))]
    OtherRevision {
        /// Whether an older version made it.
        age: RevisionAge,
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
    #[error("a migration failed and was rolled back: {reason}{}", disk_advice(.reason))]
    Migration {
        /// What the driver says.
        reason: String,
    },
}

/// What is wrong with a revision, and what to do.
fn revision_advice(age: RevisionAge, wanted: &str) -> String {
    match age {
        RevisionAge::Older => format!(
            "made by an older Open WebUI; Keelson works with revision {wanted} (Open WebUI 0.6.43). Nothing was changed: \
             make a backup and start Open WebUI 0.6.43 on it once, which migrates it"
        ),
        RevisionAge::Unknown => format!(
            "which Open WebUI 0.6.43 (revision {wanted}) does not know: a newer version made it. Nothing was changed: use \
             a newer Keelson, or a backup from before the upgrade"
        ),
    }
}

/// What to do about a full disk.
fn disk_advice(reason: &str) -> &'static str {
    if reason.contains("is full") || reason.contains("No space left") {
        "; free some space and start again"
    } else {
        ""
    }
}

/// Maps a driver's error for a table (or a unique key). Of data that does not fit, the driver knows the column at most; a
/// [`crate::RowDecoder`] knows the row, too.
pub fn failed(table: &'static str) -> impl Fn(DieselError) -> StoreError {
    move |error| match error {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
            StoreError::Conflict { what: table }
        }
        DieselError::DeserializationError(error) => undecodable(table, error),
        other => {
            #[cfg(feature = "postgres")]
            crate::postgres::note_failure();
            StoreError::unavailable(other)
        }
    }
}

fn undecodable(table: &'static str, error: BoxError) -> StoreError {
    let (column, reason) = match error.downcast::<DeserializeFieldError>() {
        Ok(field) => (field.field_name, field.error.to_string()),
        Err(other) => (None, other.to_string()),
    };
    StoreError::Inconsistent {
        table,
        column,
        row: None,
        reason,
    }
}

/// Maps a pool's error.
pub(crate) fn no_connection(error: impl Into<BoxError>) -> StoreError {
    StoreError::unavailable(error)
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

    use super::*;

    #[derive(Debug, QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        #[expect(dead_code, reason = "it is never read: decoding it fails")]
        title: String,
    }

    #[test]
    fn what_the_driver_cannot_decode_names_the_table() {
        let mut connection = SqliteConnection::establish(":memory:").expect("SQLite opens");
        let refused = sql_query("SELECT NULL AS title").load::<Row>(&mut connection);
        let error = failed("chat")(refused.expect_err("no title"));
        assert!(error.to_string().starts_with("bad data in chat"), "{error}");
    }
}
