//! `DATABASE_URL` in the reference's forms.

mod environment;
mod options;
mod parts;
mod server;
mod text;
mod tls;

use std::fmt;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use crate::DatabaseError;

pub use environment::ServerEnvironment;
pub use parts::DatabaseParts;
pub use server::Server;
#[cfg(feature = "postgres")]
pub(crate) use tls::Roots;
pub(crate) use tls::{TlsMode, TlsOptions};

use text::ServerText;

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
    Postgres(Box<Server>),
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place())
    }
}

const SQLCIPHER: &str = "sqlite+sqlcipher";
const SQLCIPHER_REASON: &str = "encrypted SQLite files (sqlcipher) are not supported";
const ALLOWED: &str = "use sqlite:///path/to/file.db or postgresql://user:password@host:port/name";
const SERVER_FORM: &str =
    "use postgresql://user:password@host:port/name, with special characters in the password as %XX";

fn invalid(reason: impl Into<String>) -> DatabaseError {
    DatabaseError::BadUrl {
        variable: "DATABASE_URL",
        reason: reason.into(),
    }
}

/// Why encrypted files are refused.
fn sqlcipher_is_unsupported() -> DatabaseError {
    invalid(SQLCIPHER_REASON)
}

/// The backend that a scheme or a `DATABASE_TYPE` names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    /// Whatever driver is named behind a `+`.
    fn named(scheme: &str) -> Result<Self, DatabaseError> {
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
        Self::parse_with(url, schema, &ServerEnvironment::default())
    }

    /// The same, where the environment says what the address of a server leaves out.
    ///
    /// # Errors
    /// [`DatabaseError::BadUrl`] as above.
    pub fn parse_with(
        url: &SecretString,
        schema: Option<&str>,
        environment: &ServerEnvironment,
    ) -> Result<Self, DatabaseError> {
        let text = url.expose_secret().trim();
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(invalid(format!("it has no scheme; {ALLOWED}")));
        };
        match Backend::named(scheme)? {
            Backend::Sqlite => parse_sqlite(rest),
            Backend::Postgres => {
                let server = Server::new(ServerText::parse(rest), environment, schema)?;
                Ok(Self::Postgres(Box::new(server)))
            }
        }
    }

    /// Says which options change nothing.
    pub(crate) fn warn_of_ignored(&self) {
        let ignored = match self {
            Self::Sqlite { ignored, .. } => ignored,
            Self::Postgres(server) => &server.ignored,
        };
        for option in ignored {
            tracing::warn!(
                option,
                "an option of the database's address changes nothing here and is passed over"
            );
        }
    }

    /// The file, or the host and database name; never a password.
    pub fn place(&self) -> String {
        match self {
            Self::Sqlite { path, .. } => path.display().to_string(),
            Self::Postgres(server) => server.place(),
        }
    }
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

#[cfg(test)]
mod tests;
