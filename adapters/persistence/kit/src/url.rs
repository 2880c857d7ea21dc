//! `DATABASE_URL` in the reference's forms.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

use crate::DatabaseError;

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite {
        /// Its path.
        path: PathBuf,
    },
    /// A server.
    Postgres {
        /// Address with user and password.
        url: SecretString,
        /// The same without them, for messages.
        place: String,
        /// Schema that holds the tables (`DATABASE_SCHEMA`); the server's default when none.
        schema: Option<String>,
    },
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

/// The variables that make up an address where `DATABASE_URL` is not set.
#[derive(Clone, Default)]
pub struct DatabaseParts {
    /// `DATABASE_TYPE`.
    pub kind: Option<String>,
    /// `DATABASE_USER`.
    pub user: Option<String>,
    /// `DATABASE_PASSWORD`.
    pub password: Option<SecretString>,
    /// `DATABASE_HOST`.
    pub host: Option<String>,
    /// `DATABASE_PORT`.
    pub port: Option<String>,
    /// `DATABASE_NAME`.
    pub name: Option<String>,
}

impl DatabaseParts {
    /// The first part that is not given, of those that an address cannot do without.
    fn missing(&self) -> Option<&'static str> {
        [
            ("DATABASE_TYPE", &self.kind),
            ("DATABASE_USER", &self.user),
            ("DATABASE_HOST", &self.host),
            ("DATABASE_PORT", &self.port),
            ("DATABASE_NAME", &self.name),
        ]
        .into_iter()
        .find(|(_, value)| value.as_ref().is_none_or(String::is_empty))
        .map(|(name, _)| name)
    }

    /// Says which part is missing, if some are given and others not: nobody means SQLite with that.
    ///
    /// # Errors
    /// [`DatabaseError::BadUrl`] with the part that is missing.
    pub fn all_or_none(&self) -> Result<(), DatabaseError> {
        let kind = self.kind.as_deref();
        if kind == Some(SQLCIPHER) {
            return Err(bad(ENCRYPTED));
        }
        let server = kind.is_some_and(|kind| kind != "sqlite");
        match self.missing() {
            Some(variable) if server || self.host.is_some() || self.name.is_some() => {
                Err(DatabaseError::BadUrl {
                    variable,
                    reason: "it must be set, as other parts of the address are (DATABASE_TYPE, _USER, _PASSWORD, _HOST, \
                             _PORT, _NAME); or set DATABASE_URL"
                        .to_owned(),
                })
            }
            _ => Ok(()),
        }
    }
}

/// A part as it stands in an address. It may be given encoded: the reference puts it there as it is.
fn encoded(part: &str) -> String {
    let plain = percent_decode_str(part).decode_utf8().unwrap_or(part.into());
    utf8_percent_encode(&plain, NON_ALPHANUMERIC).to_string()
}

/// Limits of a pool of connections.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Connections at most (`DATABASE_POOL_SIZE` plus `DATABASE_POOL_MAX_OVERFLOW`).
    pub size: usize,
    /// How long to wait for one (`DATABASE_POOL_TIMEOUT`).
    pub wait: Duration,
    /// Age after which one is replaced (`DATABASE_POOL_RECYCLE`).
    pub recycle: Duration,
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self {
            size: 10,
            wait: Duration::from_secs(30),
            recycle: Duration::from_secs(3600),
        }
    }
}

const VARIABLE: &str = "DATABASE_URL";
const SQLCIPHER: &str = "sqlite+sqlcipher";
const ENCRYPTED: &str = "encrypted SQLite files (sqlcipher) are not supported";

fn bad(reason: impl Into<String>) -> DatabaseError {
    DatabaseError::BadUrl {
        variable: VARIABLE,
        reason: reason.into(),
    }
}

impl DatabaseUrl {
    /// Reads an address: `sqlite:///relative/file`, `sqlite:////absolute/file`, `postgresql://…` or `postgres://…`.
    ///
    /// # Errors
    /// [`DatabaseError::BadUrl`], which names what is allowed and never shows the address.
    pub fn parse(url: &SecretString, schema: Option<&str>) -> Result<Self, DatabaseError> {
        let text = url.expose_secret().trim();
        let allowed = "use sqlite:///path/to/file.db or postgresql://user:password@host:port/name";
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(bad(format!("it has no scheme; {allowed}")));
        };
        match scheme.split('+').next().unwrap_or(scheme) {
            _ if scheme == SQLCIPHER => Err(bad(ENCRYPTED)),
            "sqlite" => {
                let path = rest.strip_prefix('/').filter(|path| !path.is_empty());
                let path = path.ok_or_else(|| bad(format!("it names no file; {allowed}")))?;
                let path = path.split('?').next().unwrap_or(path);
                if path == ":memory:" {
                    return Err(bad(
                        "a database in memory would be lost at every start; name a file",
                    ));
                }
                Ok(Self::Sqlite {
                    path: PathBuf::from(path),
                })
            }
            "postgresql" | "postgres" => postgres(rest, schema),
            _ => Err(bad(format!("its scheme is not known; {allowed}"))),
        }
    }

    /// Puts an address together from its parts when all of them are given (a password may be missing).
    ///
    /// # Errors
    /// [`DatabaseError::BadUrl`] when a part is wrong.
    pub fn from_parts(parts: &DatabaseParts, schema: Option<&str>) -> Result<Option<Self>, DatabaseError> {
        if parts.missing().is_some() {
            return Ok(None);
        }
        let part = |value: &Option<String>| value.clone().unwrap_or_default();
        let secret = parts.password.as_ref().map(ExposeSecret::expose_secret);
        let url = format!(
            "{}://{}{}@{}:{}/{}",
            part(&parts.kind),
            encoded(&part(&parts.user)),
            secret.map_or(String::new(), |password| format!(":{}", encoded(password))),
            part(&parts.host),
            part(&parts.port),
            encoded(&part(&parts.name))
        );
        Self::parse(&SecretString::from(url), schema).map(Some)
    }

    /// The file, or the host and database name; never a password.
    pub fn place(&self) -> String {
        match self {
            Self::Sqlite { path } => path.display().to_string(),
            Self::Postgres { place, .. } => place.clone(),
        }
    }
}

fn postgres(rest: &str, schema: Option<&str>) -> Result<DatabaseUrl, DatabaseError> {
    let parsed = url::Url::parse(&format!("postgresql://{rest}")).map_err(|error| {
        bad(format!(
            "{error}; use postgresql://user:password@host:port/name, with special characters in the password as %XX"
        ))
    })?;
    let named = parsed.query_pairs().any(|(name, _)| name == "host");
    if parsed.host_str().unwrap_or_default().is_empty() && !named {
        return Err(bad(
            "it names no host; use postgresql://user:password@host:port/name",
        ));
    }
    let mut kept = parsed.clone();
    kept.set_query(None);
    for (name, value) in parsed.query_pairs() {
        if name == "sslmode" && matches!(value.as_ref(), "require" | "verify-ca" | "verify-full") {
            return Err(bad(format!(
                "sslmode={value} is not supported yet; use sslmode=prefer or disable on a network that you trust"
            )));
        }
        kept.query_pairs_mut().append_pair(&name, &value);
    }
    let schema = schema.filter(|schema| !schema.is_empty());
    if let Some(schema) = schema {
        if !schema.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(DatabaseError::BadUrl {
                variable: "DATABASE_SCHEMA",
                reason: "a schema's name holds letters, digits and underscores".to_owned(),
            });
        }
        kept.query_pairs_mut()
            .append_pair("options", &format!("-csearch_path={schema}"));
    }
    let place = format!(
        "{}:{}{}",
        parsed.host_str().unwrap_or("localhost"),
        parsed.port().unwrap_or(5432),
        parsed.path()
    );
    // `options` holds a `+` for a space in form encoding, which PostgreSQL's parser would keep.
    let url = kept.to_string().replace('+', "%20");
    Ok(DatabaseUrl::Postgres {
        url: SecretString::from(url),
        place,
        schema: schema.map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<DatabaseUrl, DatabaseError> {
        DatabaseUrl::parse(&SecretString::from(url), None)
    }

    #[test]
    fn reads_the_forms_of_the_reference() {
        assert_eq!(
            parse("sqlite:///data/webui.db").expect("valid").place(),
            "data/webui.db"
        );
        assert_eq!(
            parse("sqlite:////var/webui.db").expect("valid").place(),
            "/var/webui.db"
        );
        assert_eq!(
            parse("postgres://u:p@db:5433/owui").expect("valid").place(),
            "db:5433/owui"
        );
        assert_eq!(
            parse("postgresql+psycopg2://u:p@db/owui").expect("valid").place(),
            "db:5432/owui"
        );
    }

    #[test]
    fn refuses_others_without_showing_the_password() {
        for url in [
            "mysql://u:hunter2@db/x",
            "hunter2",
            "sqlite://",
            "sqlite:///",
            "sqlite:///:memory:",
            "postgres://u:hunter2@:x/y",
            "postgres://u:hunter2@/y",
            "postgres:///y",
            "postgres://u:hunter2@h:port/y",
        ] {
            let error = parse(url).expect_err(url).to_string();
            assert!(
                error.starts_with("DATABASE_URL is not valid") && !error.contains("hunter2"),
                "{error}"
            );
        }
        assert!(parse("postgres://u:p@h/x?sslmode=require").is_err());
        assert!(!format!("{:?}", parse("postgres://u:hunter2@h/x")).contains("hunter2"));
    }

    #[test]
    fn puts_parts_together() {
        let parts = DatabaseParts {
            kind: Some("postgresql".into()),
            user: Some("me".into()),
            password: Some(SecretString::from("p@ss/word")),
            host: Some("db".into()),
            port: Some("5432".into()),
            name: Some("owui".into()),
        };
        let Ok(Some(DatabaseUrl::Postgres { url, .. })) = DatabaseUrl::from_parts(&parts, Some("team"))
        else {
            panic!("a server")
        };
        assert_eq!(
            url.expose_secret(),
            "postgresql://me:p%40ss%2Fword@db:5432/owui?options=-csearch_path%3Dteam"
        );
        let given_encoded = DatabaseParts {
            password: Some(SecretString::from("p%40ss%2Fword")),
            ..parts.clone()
        };
        let Ok(Some(DatabaseUrl::Postgres { url: same, .. })) =
            DatabaseUrl::from_parts(&given_encoded, Some("team"))
        else {
            panic!("a server")
        };
        assert_eq!(same.expose_secret(), url.expose_secret());
        let without = DatabaseParts { host: None, ..parts };
        assert!(matches!(DatabaseUrl::from_parts(&without, None), Ok(None)));
        let error = without.all_or_none().expect_err("half an address").to_string();
        assert!(
            error.starts_with("DATABASE_HOST is not valid: it must be set"),
            "{error}"
        );
        assert!(DatabaseParts::default().all_or_none().is_ok());
        assert!(matches!(
            DatabaseUrl::from_parts(&DatabaseParts::default(), None),
            Ok(None)
        ));
    }
}
