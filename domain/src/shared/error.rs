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
    #[error("bad data in {table}.{column} of row {row}: {reason}")]
    Inconsistent {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Key of the row.
        row: String,
        /// What is wrong.
        reason: String,
    },
    /// The store cannot be reached or refused the operation.
    #[error("the store is unavailable")]
    Unavailable(#[source] BoxError),
}

impl StoreError {
    /// Wraps a driver's error.
    pub fn unavailable(source: impl Into<BoxError>) -> Self {
        Self::Unavailable(source.into())
    }
}
