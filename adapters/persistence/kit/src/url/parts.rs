//! The variables that make up an address where `DATABASE_URL` is not set.

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};

use super::text::{ServerText, given};
use super::{Backend, DatabaseUrl, SQLCIPHER, Server, ServerEnvironment, sqlcipher_is_unsupported};
use crate::DatabaseError;

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
    pub fn to_url(
        &self,
        schema: Option<&str>,
        environment: &ServerEnvironment,
    ) -> Result<Option<DatabaseUrl>, DatabaseError> {
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
        let number = port.parse::<u16>().ok().filter(|port| *port > 0);
        let port = number.ok_or_else(|| DatabaseError::BadUrl {
            variable: "DATABASE_PORT",
            reason: "a port is a number from 1 to 65535".to_owned(),
        })?;
        // The reference puts the parts into an address as they are: so special characters may be given as %XX, and
        // options behind the name.
        let (name, options) = name.split_once('?').unwrap_or((name, ""));
        let mut text = ServerText {
            user: given(user),
            password: self.password.as_ref().map(|it| decoded(it.expose_secret())),
            name: given(name),
            ..ServerText::default()
        };
        text.options.push(("host".to_owned(), host.clone()));
        text.options.push(("port".to_owned(), port.to_string()));
        text.add_options(options);
        let server = Server::new(text, environment, schema)?;
        Ok(Some(DatabaseUrl::Postgres(Box::new(server))))
    }
}

/// A password as it is meant.
fn decoded(password: &str) -> Vec<u8> {
    percent_decode_str(password).collect()
}

#[cfg(test)]
mod tests {
    use tokio_postgres::config::{Config, Host};

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
        let made = parts.to_url(Some("team"), &ServerEnvironment::default());
        let Ok(Some(DatabaseUrl::Postgres(server))) = made else {
            panic!("a server")
        };
        server.config
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
        let with_options = DatabaseParts {
            name: Some("owui?application_name=keelson".into()),
            ..parts()
        };
        assert_eq!(config(&with_options).get_dbname(), Some("owui"));
        assert_eq!(config(&with_options).get_application_name(), Some("keelson"));
        let socket = DatabaseParts {
            host: Some("/var/run/postgresql".into()),
            ..parts()
        };
        assert_eq!(
            config(&socket).get_hosts(),
            [Host::Unix("/var/run/postgresql".into())]
        );
    }

    #[test]
    fn parts_are_all_there_or_none() {
        assert!(DatabaseParts::default().check_all_or_none().is_ok());
        assert!(matches!(
            DatabaseParts::default().to_url(None, &ServerEnvironment::default()),
            Ok(None)
        ));
        let without = DatabaseParts {
            host: None,
            ..parts()
        };
        assert!(matches!(
            without.to_url(None, &ServerEnvironment::default()),
            Ok(None)
        ));
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
            let error = wrong
                .to_url(None, &ServerEnvironment::default())
                .expect_err("wrong")
                .to_string();
            assert!(error.contains(words) && !error.contains("p@ss"), "{error}");
        }
    }
}
