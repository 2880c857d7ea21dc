//! The variables that make up an address where `DATABASE_URL` is not set.

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::Config;

use crate::url::{Backend, SQLCIPHER, sqlcipher_is_unsupported};
use crate::{DatabaseError, DatabaseUrl};

/// An address in parts.
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
    pub fn check_all_or_none(&self) -> Result<(), DatabaseError> {
        let kind = self.kind.as_deref();
        if kind == Some(SQLCIPHER) {
            return Err(sqlcipher_is_unsupported());
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

    /// The address, when all parts are given (a password may be missing).
    ///
    /// # Errors
    /// [`DatabaseError::BadUrl`] when a part is wrong.
    pub fn to_url(&self, schema: Option<&str>) -> Result<Option<DatabaseUrl>, DatabaseError> {
        let parts = (&self.kind, &self.user, &self.host, &self.port, &self.name);
        let (Some(kind), Some(user), Some(host), Some(port), Some(name)) = parts else {
            return Ok(None);
        };
        if self.missing().is_some() {
            return Ok(None);
        }
        if Backend::named(kind)? == Backend::Sqlite {
            return Err(DatabaseError::BadUrl {
                variable: "DATABASE_TYPE",
                reason: "a SQLite file has neither user nor host; let DATABASE_URL name the file".to_owned(),
            });
        }
        let port = port.parse().map_err(|_| DatabaseError::BadUrl {
            variable: "DATABASE_PORT",
            reason: "a port is a number from 1 to 65535".to_owned(),
        })?;
        let mut config = Config::new();
        config
            .user(decoded(user))
            .host(host)
            .port(port)
            .dbname(decoded(name));
        if let Some(password) = &self.password {
            config.password(decoded(password.expose_secret()));
        }
        DatabaseUrl::postgres(config, schema, Vec::new()).map(Some)
    }
}

/// A part as it is meant. It may be given with special characters as %XX: the reference puts it into an address as it is.
fn decoded(part: &str) -> String {
    let plain = percent_decode_str(part).decode_utf8();
    plain.map_or_else(|_| part.to_owned(), |plain| plain.into_owned())
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::Host;

    use super::*;

    fn parts() -> DatabaseParts {
        DatabaseParts {
            kind: Some("postgresql".into()),
            user: Some("me".into()),
            password: Some(SecretString::from("p@ss/word")),
            host: Some("db".into()),
            port: Some("5433".into()),
            name: Some("owui".into()),
        }
    }

    fn config(parts: &DatabaseParts) -> Config {
        let Ok(Some(DatabaseUrl::Postgres { config, .. })) = parts.to_url(Some("team")) else {
            panic!("a server")
        };
        *config
    }

    #[test]
    fn parts_make_an_address() {
        let made = config(&parts());
        assert_eq!(made.get_user(), Some("me"));
        assert_eq!(made.get_password(), Some("p@ss/word".as_bytes()));
        assert_eq!(made.get_hosts(), [Host::Tcp("db".to_owned())]);
        assert_eq!(made.get_ports(), [5433]);
        assert_eq!(made.get_dbname(), Some("owui"));
        assert_eq!(made.get_options(), Some("-csearch_path=team"));
        let encoded = DatabaseParts {
            password: Some(SecretString::from("p%40ss%2Fword")),
            ..parts()
        };
        assert_eq!(config(&encoded), made);
    }

    #[test]
    fn parts_are_all_there_or_none() {
        assert!(DatabaseParts::default().check_all_or_none().is_ok());
        assert!(matches!(DatabaseParts::default().to_url(None), Ok(None)));
        let without = DatabaseParts {
            host: None,
            ..parts()
        };
        assert!(matches!(without.to_url(None), Ok(None)));
        let error = without.check_all_or_none().expect_err("half an address");
        assert!(
            error
                .to_string()
                .starts_with("DATABASE_HOST is not valid: it must be set")
        );
    }

    #[test]
    fn a_wrong_part_is_named() {
        for (wrong, words) in [
            (
                DatabaseParts {
                    port: Some("http".into()),
                    ..parts()
                },
                "DATABASE_PORT is not valid",
            ),
            (
                DatabaseParts {
                    kind: Some("mysql".into()),
                    ..parts()
                },
                "scheme is not known",
            ),
            (
                DatabaseParts {
                    kind: Some("sqlite".into()),
                    ..parts()
                },
                "DATABASE_TYPE is not valid",
            ),
        ] {
            let error = wrong.to_url(None).expect_err("wrong").to_string();
            assert!(error.contains(words) && !error.contains("p@ss"), "{error}");
        }
    }
}
