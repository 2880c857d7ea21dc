use keelson_domain::shared::{BoxError, StoreError};

/// Why Redis cannot be used at all. No text here shows a user name or a password.
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
    /// Redis is required and does not answer.
    #[error("KEELSON_REDIS_REQUIRED is set and Redis at {address} does not answer: {reason}")]
    Unreachable {
        /// Where it should be.
        address: String,
        /// What the last try met.
        reason: String,
    },
    /// The client could not be created.
    #[error("the Redis client could not be created")]
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

/// A value in Redis cannot be parsed; the error says where it is, never what it is.
pub(crate) fn inconsistent(table: &'static str, row: &str, reason: &serde_json::Error) -> StoreError {
    StoreError::Inconsistent {
        table,
        column: Some("value".to_owned()),
        row: Some(row.to_owned()),
        reason: reason.to_string(),
    }
}
