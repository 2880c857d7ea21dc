use std::error::Error;
use std::fmt;
use std::io;

use diesel_async::AsyncPgConnection;
use tokio_postgres::config::{Config, SslMode, SslNegotiation};
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{NoTls, Socket};

use super::tls;
use crate::url::{Server, TlsMode};

/// Why there is no connection. Never holds the password.
#[derive(Debug)]
pub struct ConnectError {
    reason: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It passes by itself: the server restarts, or cannot be reached.
    Passing,
    /// The handshake failed, or a certificate is not good.
    Tls,
    /// The server lets nobody in who comes like this.
    NotAdmitted,
    /// Anything else, as a wrong password.
    Lasting,
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for ConnectError {}

impl ConnectError {
    /// Whether it passes by itself.
    pub(super) fn may_pass(&self) -> bool {
        self.kind == Kind::Passing
    }

    fn lasting(reason: String) -> Self {
        Self {
            reason,
            kind: Kind::Lasting,
        }
    }
}

impl From<tokio_postgres::Error> for ConnectError {
    fn from(error: tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(said) => Self {
                reason: said.message().to_owned(),
                kind: kind_of_refusal(said.code()),
            },
            None => Self {
                reason: with_causes(&error),
                kind: kind_of_failure(&error),
            },
        }
    }
}

fn kind_of_refusal(code: &SqlState) -> Kind {
    let passing = [
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
    ];
    match code {
        code if passing.contains(code) => Kind::Passing,
        code if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => Kind::NotAdmitted,
        _ => Kind::Lasting,
    }
}

fn kind_of_failure(error: &tokio_postgres::Error) -> Kind {
    // What the handshake found wrong comes as an error of the socket, too.
    let is_of_handshake =
        |cause: &io::Error| cause.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
    let mut of_socket = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    match of_socket.next() {
        Some(cause) if is_of_handshake(cause) => Kind::Tls,
        Some(_) => Kind::Passing,
        None if error.is_closed() => Kind::Passing,
        None => Kind::Lasting,
    }
}

/// Connects once, and where the options allow it a second time with TLS, or without.
pub(super) async fn connect(server: &Server) -> Result<AsyncPgConnection, ConnectError> {
    match server.tls.mode {
        TlsMode::Disable => connect_plainly(server).await,
        TlsMode::Allow => match connect_plainly(server).await {
            Err(error) if error.kind == Kind::NotAdmitted => {
                connect_encrypted(server, SslMode::Require).await
            }
            done => done,
        },
        // The driver goes on without TLS where the server has none. It may have it, and fail or refuse who uses it.
        TlsMode::Prefer => match connect_encrypted(server, SslMode::Prefer).await {
            Err(error) if matches!(error.kind, Kind::Tls | Kind::NotAdmitted) => {
                let plain = connect_plainly(server).await;
                // Who is not admitted without TLS either wants to hear what was wrong with it.
                plain.map_err(|other| {
                    if other.kind == Kind::NotAdmitted {
                        error
                    } else {
                        other
                    }
                })
            }
            done => done,
        },
        TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => {
            connect_encrypted(server, SslMode::Require).await
        }
    }
}

async fn connect_plainly(server: &Server) -> Result<AsyncPgConnection, ConnectError> {
    let mut config = server.config.clone();
    config.ssl_mode(SslMode::Disable);
    establish(&config, NoTls).await
}

async fn connect_encrypted(server: &Server, mode: SslMode) -> Result<AsyncPgConnection, ConnectError> {
    let options = server.tls.clone();
    let made = tokio::task::spawn_blocking(move || tls::connector(&options)).await;
    let connector = made
        .map_err(|error| ConnectError::lasting(error.to_string()))?
        .map_err(ConnectError::lasting)?;
    let mut config = server.config.clone();
    config.ssl_mode(mode);
    if server.tls.direct {
        config.ssl_negotiation(SslNegotiation::Direct);
    }
    establish(&config, connector).await
}

async fn establish<T>(config: &Config, tls: T) -> Result<AsyncPgConnection, ConnectError>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let (client, connection) = config.connect(tls).await?;
    let made = AsyncPgConnection::try_from_client_and_connection(client, connection).await;
    made.map_err(|error| ConnectError {
        reason: error.to_string(),
        kind: Kind::Passing,
    })
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// An error with what caused it: the driver's own text says neither that a connection was refused nor that a name is
/// unknown.
fn with_causes(error: &(dyn Error + 'static)) -> String {
    let texts: Vec<String> = causes(error).map(ToString::to_string).collect();
    texts.join(": ")
}
