//! Rows of the platform: the settings.

mod config;

#[cfg(feature = "postgres")]
pub use config::PgSettings;
#[cfg(feature = "sqlite")]
pub use config::SqliteSettings;
