use std::path::Path;
use std::time::Duration;

use keelson_persistence_kit::{DatabaseError, DatabaseParts, DatabaseUrl, PoolOptions};

use super::Variables;

/// The address and the limits of the pool; the address stays a result, so that its error comes after those of variables.
pub(super) fn section(
    variables: &Variables,
    data_dir: &Path,
) -> (Result<DatabaseUrl, DatabaseError>, PoolOptions) {
    let schema = variables.text("DATABASE_SCHEMA");
    let whole = "a whole number";
    let defaults = PoolOptions::default();
    let size = variables.number("DATABASE_POOL_SIZE", 0_usize, whole);
    let overflow = variables.number("DATABASE_POOL_MAX_OVERFLOW", 0_usize, whole);
    let pool = PoolOptions {
        size: if size == 0 { defaults.size } else { size + overflow },
        wait: Duration::from_secs(variables.number("DATABASE_POOL_TIMEOUT", 30, whole)),
        recycle: Duration::from_secs(variables.number("DATABASE_POOL_RECYCLE", 3600, whole)),
    };
    let parts = DatabaseParts {
        kind: variables.text("DATABASE_TYPE"),
        user: variables.text("DATABASE_USER"),
        password: variables.secret("DATABASE_PASSWORD"),
        host: variables.text("DATABASE_HOST"),
        port: variables.text("DATABASE_PORT"),
        name: variables.text("DATABASE_NAME"),
    };
    let url = match variables.secret("DATABASE_URL") {
        Some(url) => DatabaseUrl::parse(&url, schema.as_deref()),
        None => DatabaseUrl::from_parts(&parts, schema.as_deref()).map(|parts| {
            parts.unwrap_or_else(|| DatabaseUrl::Sqlite {
                path: data_dir.join("webui.db"),
            })
        }),
    };
    (url, pool)
}
