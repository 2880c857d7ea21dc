//! `DATABASE_URL` in the reference's forms.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{Config, Host};
use url::Url;

use crate::DatabaseError;
use crate::url_options::{Meaning, meaning};

/// Where the database is.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite {
        /// Its path.
        path: PathBuf,
        /// Options of the address that change nothing for us.
        ignored: Vec<String>,
    },
    /// A server.
    Postgres {
        /// How to connect, with the password.
        config: Box<Config>,
        /// Schema that holds the tables (`DATABASE_SCHEMA`); the server's default when none.
        schema: Option<String>,
        /// Options of the address that change nothing for us.
        ignored: Vec<String>,
    },
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

pub(crate) const SQLCIPHER: &str = "sqlite+sqlcipher";
const SQLCIPHER_REASON: &str = "encrypted SQLite files (sqlcipher) are not supported";
const ALLOWED: &str = "use sqlite:///path/to/file.db or postgresql://user:password@host:port/name";
const POSTGRES_FORM: &str = "use postgresql://user:password@host:port/name";

fn invalid(reason: impl Into<String>) -> DatabaseError {
    DatabaseError::BadUrl {
        variable: "DATABASE_URL",
        reason: reason.into(),
    }
}

/// Why encrypted files are refused.
pub(crate) fn sqlcipher_is_unsupported() -> DatabaseError {
    invalid(SQLCIPHER_REASON)
}

/// The backend that a scheme or a `DATABASE_TYPE` names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// Whatever driver is named behind a `+`.
    pub(crate) fn named(scheme: &str) -> Result<Self, DatabaseError> {
        match scheme.split('+').next().unwrap_or(scheme) {
            _ if scheme == SQLCIPHER => Err(sqlcipher_is_unsupported()),
            "sqlite" => Ok(Self::Sqlite),
            "postgresql" | "postgres" => Ok(Self::Postgres),
            _ => Err(invalid(format!("its scheme is not known; {ALLOWED}"))),
        }
    }
}

impl DatabaseUrl {
    /// Reads an address: `sqlite:///relative/file`, `sqlite:////absolute/file`, `postgresql://…` or `postgres://…`.
    ///
    /// # Errors
    /// [`DatabaseError::BadUrl`], which names what is allowed and never shows the address.
    pub fn parse(url: &SecretString, schema: Option<&str>) -> Result<Self, DatabaseError> {
        let text = url.expose_secret().trim();
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(invalid(format!("it has no scheme; {ALLOWED}")));
        };
        match Backend::named(scheme)? {
            Backend::Sqlite => parse_sqlite(rest),
            Backend::Postgres => {
                let (config, ignored) = parse_postgres(rest)?;
                Self::postgres(config, schema, ignored)
            }
        }
    }

    /// A server that is known how to connect to.
    pub(crate) fn postgres(
        mut config: Config,
        schema: Option<&str>,
        ignored: Vec<String>,
    ) -> Result<Self, DatabaseError> {
        if host(&config).is_none() {
            return Err(invalid(format!("it names no host; {POSTGRES_FORM}")));
        }
        let schema = schema.filter(|schema| !schema.is_empty());
        if let Some(schema) = schema {
            if !schema.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(DatabaseError::BadUrl {
                    variable: "DATABASE_SCHEMA",
                    reason: "a schema's name holds letters, digits and underscores".to_owned(),
                });
            }
            let given = config.get_options().map(|options| format!("{options} "));
            config.options(format!("{}-csearch_path={schema}", given.unwrap_or_default()));
        }
        Ok(Self::Postgres {
            config: Box::new(config),
            schema: schema.map(str::to_owned),
            ignored,
        })
    }

    /// Says which options of the address change nothing.
    pub(crate) fn warn_of_ignored(&self) {
        let (Self::Sqlite { ignored, .. } | Self::Postgres { ignored, .. }) = self;
        for option in ignored {
            tracing::warn!(
                option,
                "an option of DATABASE_URL changes nothing here and is passed over"
            );
        }
    }

    /// The file, or the host and database name; never a password.
    pub fn place(&self) -> String {
        match self {
            Self::Sqlite { path, .. } => path.display().to_string(),
            Self::Postgres { config, .. } => format!(
                "{}:{}/{}",
                host(config).unwrap_or_default(),
                config.get_ports().first().unwrap_or(&5432),
                config.get_dbname().unwrap_or_default()
            ),
        }
    }
}

/// The first host, or the folder of its socket.
fn host(config: &Config) -> Option<String> {
    let host = match config.get_hosts().first()? {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(folder) => folder.display().to_string(),
    };
    Some(host).filter(|host| !host.is_empty())
}

fn parse_sqlite(rest: &str) -> Result<DatabaseUrl, DatabaseError> {
    let path = rest.strip_prefix('/').filter(|path| !path.is_empty());
    let path = path.ok_or_else(|| invalid(format!("it names no file; {ALLOWED}")))?;
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    if path == ":memory:" {
        return Err(invalid(
            "a database in memory would be lost at every start; name a file",
        ));
    }
    let options = query.split('&').filter(|option| !option.is_empty());
    let name = |option: &str| option.split('=').next().unwrap_or(option).to_owned();
    Ok(DatabaseUrl::Sqlite {
        path: PathBuf::from(path),
        ignored: options.map(name).collect(),
    })
}

/// `user:password@/name?host=…` names a user at no host, which no URL may: the user goes into the query.
fn with_user_in_query(rest: &str) -> Cow<'_, str> {
    let Some((user_info, path)) = rest.split_once("@/").filter(|(user, _)| !user.contains('/')) else {
        return Cow::Borrowed(rest);
    };
    let separator = if path.contains('?') { '&' } else { '?' };
    let user_info = user_info.replace('+', "%2B");
    let query = match user_info.split_once(':') {
        Some((user, password)) => format!("user={user}&password={password}"),
        None => format!("user={user_info}"),
    };
    Cow::Owned(format!("/{path}{separator}{query}"))
}

/// How to connect, and the options that change nothing.
fn parse_postgres(rest: &str) -> Result<(Config, Vec<String>), DatabaseError> {
    let mut url = Url::parse(&format!("postgresql://{}", with_user_in_query(rest))).map_err(|error| {
        invalid(format!(
            "{error}; {POSTGRES_FORM}, with special characters in the password as %XX"
        ))
    })?;
    let (mut passed, mut ignored) = (Vec::new(), Vec::new());
    for (name, value) in url.query_pairs() {
        match meaning(&name, &value) {
            Meaning::Passed(name, value) => passed.push((name, value)),
            Meaning::Ignored => ignored.push(name.into_owned()),
            Meaning::Refused(reason) => return Err(invalid(reason)),
        }
    }
    url.set_query(None);
    if !passed.is_empty() {
        url.query_pairs_mut().extend_pairs(passed);
        // A `+` means a space in a query, which the driver would keep.
        let query = url.query().map(|query| query.replace('+', "%20"));
        url.set_query(query.as_deref());
    }
    let config = url.as_str().parse().map_err(|error: tokio_postgres::Error| {
        // The source names the option; neither shows its value.
        let reason = error
            .source()
            .map_or_else(|| error.to_string(), ToString::to_string);
        invalid(format!("{reason}; {POSTGRES_FORM}"))
    })?;
    Ok((config, ignored))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Result<DatabaseUrl, DatabaseError> {
        DatabaseUrl::parse(&SecretString::from(url), None)
    }

    fn config(url: &str) -> Config {
        let Ok(DatabaseUrl::Postgres { config, .. }) = parse(url) else {
            panic!("a server")
        };
        *config
    }

    #[test]
    fn reads_the_forms_of_the_reference() {
        for (url, place) in [
            ("sqlite:///data/webui.db", "data/webui.db"),
            ("sqlite:////var/webui.db", "/var/webui.db"),
            ("postgres://u:p@db:5433/owui", "db:5433/owui"),
            ("postgresql+psycopg2://u:p@db/owui", "db:5432/owui"),
            ("postgresql://u@/owui?host=db", "db:5432/owui"),
        ] {
            assert_eq!(parse(url).expect("valid").place(), place);
        }
    }

    #[test]
    fn passwords_are_decoded_and_queries_are_forms() {
        let given = config("postgres://me:p%40ss+word@db/owui?application_name=my+app");
        assert_eq!(given.get_password(), Some("p@ss+word".as_bytes()));
        assert_eq!(given.get_application_name(), Some("my app"));
    }

    #[test]
    fn options_that_change_nothing_are_passed_over() {
        for (url, wanted) in [
            ("postgres://u:p@h/x?client_encoding=utf8", vec!["client_encoding"]),
            (
                "postgres://u:p@h/x?sslmode=allow&sslrootcert=/ca.pem",
                vec!["sslrootcert"],
            ),
            (
                "postgres://u:p@h/x?gssencmode=disable&sslsni=1",
                vec!["gssencmode", "sslsni"],
            ),
            (
                "postgres://u:p@h/x?keepalives=1&keepalives_idle=30&keepalives_count=3",
                vec![],
            ),
            (
                "postgres://u:p@h/x?connect_timeout=5&passfile=/x",
                vec!["passfile"],
            ),
            ("postgres://u:p@h/x?target_session_attrs=primary", vec![]),
            ("postgres://u:p@h/x?", vec![]),
            (
                "sqlite:///a.db?timeout=30&check_same_thread=false",
                vec!["timeout", "check_same_thread"],
            ),
            ("sqlite:///a.db?", vec![]),
            ("sqlite:////a.db", vec![]),
        ] {
            let (DatabaseUrl::Sqlite { ignored, .. } | DatabaseUrl::Postgres { ignored, .. }) =
                parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
            assert_eq!(ignored, wanted, "{url}");
        }
        let given =
            config("postgres://u:p@h/x?client_encoding=utf8&application_name=my+app%26you&sslmode=allow");
        assert_eq!(given.get_application_name(), Some("my app&you"));
    }

    #[test]
    fn a_schema_is_searched_first() {
        let url = SecretString::from("postgres://me@db/owui?options=-cstatement_timeout%3D5");
        let Ok(DatabaseUrl::Postgres { config, schema, .. }) = DatabaseUrl::parse(&url, Some("team")) else {
            panic!("a server")
        };
        assert_eq!(
            config.get_options(),
            Some("-cstatement_timeout=5 -csearch_path=team")
        );
        assert_eq!(schema.as_deref(), Some("team"));
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
            "postgres://u:hunter2@h/y?nothing=hunter2",
            "postgres://u:p@h/x?sslmode=require",
        ] {
            let error = parse(url).expect_err(url).to_string();
            assert!(
                error.starts_with("DATABASE_URL is not valid") && !error.contains("hunter2"),
                "{error}"
            );
        }
        assert!(!format!("{:?}", parse("postgres://u:hunter2@h/x")).contains("hunter2"));
    }
}
