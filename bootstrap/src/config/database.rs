use std::path::Path;
use std::time::Duration;

use keelson_persistence_kit::{DatabaseError, DatabaseParts, DatabaseUrl, PoolOptions, ServerEnvironment};

use super::Variables;

/// The URL and the pool's options; the URL stays a result, so that its error is reported after those of variables.
pub(super) fn section(
    variables: &Variables,
    data_dir: &Path,
) -> (Result<DatabaseUrl, DatabaseError>, PoolOptions) {
    let schema = variables.text("DATABASE_SCHEMA");
    let pool = pool(variables);
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

/// The limits as the reference reads them: a size of 0 or less keeps no connection, an overflow below 0 has no limit, and an
/// age below 0 never comes.
fn pool(variables: &Variables) -> PoolOptions {
    let defaults = PoolOptions::default();
    let whole = "a whole number";
    let size = variables.number("DATABASE_POOL_SIZE", defaults.kept as i64, whole);
    let overflow = variables.number("DATABASE_POOL_MAX_OVERFLOW", 0_i64, whole);
    let is_sized = variables.text("DATABASE_POOL_SIZE").is_some();
    let kept = usize::try_from(size).unwrap_or(0).min(PoolOptions::UNLIMITED);
    let limit = match usize::try_from(overflow) {
        _ if !is_sized => defaults.limit,
        Ok(overflow) if kept > 0 => kept.saturating_add(overflow).min(PoolOptions::UNLIMITED),
        _ => PoolOptions::UNLIMITED,
    };
    let recycle = variables.number("DATABASE_POOL_RECYCLE", 3600_i64, "a whole number of seconds");
    PoolOptions {
        kept,
        limit,
        wait: variables.seconds("DATABASE_POOL_TIMEOUT", defaults.wait.as_secs()),
        recycle: u64::try_from(recycle).ok().map(Duration::from_secs),
        wal: variables.flag("DATABASE_ENABLE_SQLITE_WAL", defaults.wal),
    }
}

/// The parts count before `DATABASE_URL` when all are given, as they do for the reference.
fn address(
    variables: &Variables,
    parts: &DatabaseParts,
    schema: Option<&str>,
    data_dir: &Path,
) -> Result<DatabaseUrl, DatabaseError> {
    let environment = ServerEnvironment::read(|name| variables.raw(name).map(str::to_owned));
    if let Some(address) = parts.to_url(schema, &environment)? {
        return Ok(address);
    }
    if let Some(url) = variables.secret("DATABASE_URL") {
        return DatabaseUrl::parse_with(&url, schema, &environment);
    }
    parts.check_all_or_none()?;
    Ok(DatabaseUrl::Sqlite {
        path: data_dir.join("webui.db"),
        ignored: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pools_are_limited_as_the_reference_reads_it() {
        for (size, overflow, recycle, kept, limit, age) in [
            ("", "", "", 5, 15, Some(3600)),
            ("", "50", "", 5, 15, Some(3600)),
            ("20", "", "", 20, 20, Some(3600)),
            ("20", "5", "60", 20, 25, Some(60)),
            ("20", "-1", "-1", 20, PoolOptions::UNLIMITED, None),
            ("0", "5", "", 0, PoolOptions::UNLIMITED, Some(3600)),
            ("-3", "", "0", 0, PoolOptions::UNLIMITED, Some(0)),
        ] {
            let options = pool(&Variables::given(&[
                ("DATABASE_POOL_SIZE", size),
                ("DATABASE_POOL_MAX_OVERFLOW", overflow),
                ("DATABASE_POOL_RECYCLE", recycle),
                ("DATABASE_POOL_TIMEOUT", "7"),
            ]));
            let given = format!("size {size}, overflow {overflow}, recycle {recycle}");
            assert_eq!((options.kept, options.limit), (kept, limit), "{given}");
            assert_eq!(options.recycle, age.map(Duration::from_secs), "{given}");
            assert_eq!(options.wait, Duration::from_secs(7), "{given}");
        }
    }
}
