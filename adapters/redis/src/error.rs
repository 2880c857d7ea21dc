use keelson_domain::shared::{BoxError, StoreError};

/// What keeps Redis from being used at all. No text here shows a user name or a password.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// A setting is wrong: names the variable and what is allowed.
    #[error("{variable}: {problem}")]
    Setting {
        /// The variable.
        variable: String,
        /// What is wrong and what is allowed.
        problem: String,
    },
    /// It must be there, and is not.
    #[error("Redis must be there to start, and does not answer")]
    Absent,
    /// The client could not be made.
    #[error("no Redis client could be made")]
    Client(#[source] BoxError),
}

impl RedisError {
    pub(crate) fn setting(variable: &str, problem: impl Into<String>) -> Self {
        Self::Setting {
            variable: variable.to_owned(),
            problem: problem.into(),
        }
    }
}

/// A value that Redis holds cannot be read; says where, never what it is.
pub(crate) fn inconsistent(table: &'static str, row: &str, reason: &serde_json::Error) -> StoreError {
    StoreError::Inconsistent {
        table,
        column: "value",
        row: row.to_owned(),
        reason: reason.to_string(),
    }
}
