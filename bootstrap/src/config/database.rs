use std::path::Path;
use std::time::Duration;

use keelson_persistence_kit::{DatabaseError, DatabaseParts, DatabaseUrl, PoolOptions};

use super::Variables;

/// The URL and the pool's options; the URL stays a result, so that its error is reported after those of variables.
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
    (address(variables, &parts, schema.as_deref(), data_dir), pool)
}

/// The parts count before `DATABASE_URL` when all are given, as they do for the reference.
fn address(
    variables: &Variables,
    parts: &DatabaseParts,
    schema: Option<&str>,
    data_dir: &Path,
) -> Result<DatabaseUrl, DatabaseError> {
    if let Some(address) = parts.to_url(schema)? {
        return Ok(address);
    }
    if let Some(url) = variables.secret("DATABASE_URL") {
        return DatabaseUrl::parse(&url, schema);
    }
    parts.check_all_or_none()?;
    Ok(DatabaseUrl::Sqlite {
        path: data_dir.join("webui.db"),
        ignored: Vec::new(),
    })
}
