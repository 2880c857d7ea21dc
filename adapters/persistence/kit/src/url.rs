//! `DATABASE_URL` in the reference's forms.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
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
            _ if scheme == "sqlite+sqlcipher" => {
                Err(bad("encrypted SQLite files (sqlcipher) are not supported"))
            }
            "sqlite" => {
                let path = rest.strip_prefix('/').filter(|path| !path.is_empty());
                let path = path.ok_or_else(|| bad(format!("it names no file; {allowed}")))?;
                let path = path.split('?').next().unwrap_or(path);
                Ok(Self::Sqlite {
                    path: PathBuf::from(path),
                })
            }
            "postgresql" | "postgres" => postgres(rest, schema),
            _ => Err(bad(format!("its scheme is not known; {allowed}"))),
        }
    }

    /// Puts an address together from its parts, if enough of them are given; none without `DATABASE_TYPE`.
    ///
    /// # Errors
    /// [`DatabaseError::BadUrl`] when a part is missing.
    pub fn from_parts(parts: &DatabaseParts, schema: Option<&str>) -> Result<Option<Self>, DatabaseError> {
        let Some(kind) = parts.kind.as_deref().filter(|kind| !kind.is_empty()) else {
            return Ok(None);
        };
        let part = |name: &'static str, value: &Option<String>| {
            value
                .clone()
                .filter(|value| !value.is_empty())
                .ok_or(DatabaseError::BadUrl {
                    variable: name,
                    reason: "it must be set when DATABASE_TYPE is".to_owned(),
                })
        };
        let host = part("DATABASE_HOST", &parts.host)?;
        let port = part("DATABASE_PORT", &parts.port)?;
        let name = part("DATABASE_NAME", &parts.name)?;
        let user = part("DATABASE_USER", &parts.user)?;
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let password = parts
            .password
            .as_ref()
            .map_or(String::new(), |p| format!(":{}", encode(p.expose_secret())));
        let url = format!(
            "{kind}://{}{password}@{host}:{port}/{}",
            encode(&user),
            encode(&name)
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
    let parsed = url::Url::parse(&format!("postgresql://{rest}")).map_err(|e| bad(e.to_string()))?;
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
            "postgres://u:hunter2@:x/y",
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
        assert!(DatabaseUrl::from_parts(&DatabaseParts { host: None, ..parts }, None).is_err());
        assert!(matches!(
            DatabaseUrl::from_parts(&DatabaseParts::default(), None),
            Ok(None)
        ));
    }
}
