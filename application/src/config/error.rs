use keelson_domain::shared::{BoxError, StoreError};

/// Why a setting cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The value is not what the setting may hold.
    #[error("{setting} must be {allowed}")]
    WrongKind {
        /// Name of the setting.
        setting: &'static str,
        /// What it may hold.
        allowed: &'static str,
    },
    /// An imported document is not an object.
    #[error("a configuration is a JSON object")]
    NotAnObject,
    /// Anything else.
    #[error(transparent)]
    Unexpected(BoxError),
}

impl From<StoreError> for ConfigError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(Box::new(error))
    }
}
