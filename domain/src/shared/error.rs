use std::time::Duration;

/// An error from outside, kept as the source of ours.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// What a store answers.
pub type StoreResult<T> = Result<T, StoreError>;

/// What can go wrong in a store, whatever it is made of. A missing thing is `Ok(None)`, not an error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique value is taken already, or a row changed in between.
    #[error("conflict in {what}")]
    Conflict {
        /// The table or unique key in question.
        what: &'static str,
    },
    /// Stored data does not fit its type: names where, never the data itself.
    #[error("bad data in {table}{}{}: {reason}", of_column(.column), of_row(.row))]
    Inconsistent {
        /// Table.
        table: &'static str,
        /// Column; none when the driver does not say.
        column: Option<String>,
        /// Key of the row; none when the driver does not say.
        row: Option<String>,
        /// What is wrong.
        reason: String,
    },
    /// Too much is asked for at once; nothing was done.
    #[error("too many {what} at once")]
    Busy {
        /// What there is too much of, in the plural.
        what: &'static str,
        /// When it is worth trying again.
        retry_after: Duration,
    },
    /// The store cannot be reached or refused the operation.
    #[error("the store is unavailable")]
    Unavailable(#[source] BoxError),
}

fn of_column(column: &Option<String>) -> String {
    column
        .as_ref()
        .map_or_else(String::new, |column| format!(".{column}"))
}

fn of_row(row: &Option<String>) -> String {
    row.as_ref()
        .map_or_else(String::new, |row| format!(" of row {row}"))
}

impl StoreError {
    /// Wraps a driver's error.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self::Unavailable(source.into())
    }
}
