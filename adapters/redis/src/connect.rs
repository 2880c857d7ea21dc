//! Creates clients for the three modes.

use std::sync::Arc;
use std::time::Duration;

use fred::prelude::*;
use fred::types::RespVersion;
use fred::types::config::{
    ClusterDiscoveryPolicy, ReconnectError, Server, TcpConfig, TlsConfig, TlsConnector, UnresponsiveConfig,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use secrecy::ExposeSecret;

use crate::error::RedisError;
use crate::options::{Address, Mode, RedisOptions};

/// The longest that one command may take. A stopped server raises no event, so this alone bounds the wait of the first
/// caller; afterwards the breaker is open.
pub(crate) const COMMAND_TIMEOUT: Duration = Duration::from_millis(750);

/// How many events a slow listener may lag behind.
const EVENT_CAPACITY: usize = 8192;

/// A client that is not connected yet. Once it is, it reconnects for ever, at most a second apart.
pub(crate) fn client(address: &Address, options: &RedisOptions) -> Result<Client, RedisError> {
    let config = config(address)?;
    let connect = address.connect_timeout.unwrap_or(options.connect_timeout);
    let retries = options.retries.max(1);
    let mut builder = Builder::from_config(config);
    builder
        .with_performance_config(|performance| {
            performance.default_command_timeout = COMMAND_TIMEOUT;
            performance.broadcast_channel_capacity = EVENT_CAPACITY;
        })
        .with_connection_config(|connection| {
            connection.connection_timeout = connect;
            connection.internal_command_timeout = Duration::from_secs(2);
            connection.max_command_attempts = retries;
            connection.max_command_buffer_len = 20_000;
            connection.reconnect_on_auth_error = true;
            connection.unresponsive = UnresponsiveConfig {
                max_timeout: Some(Duration::from_secs(3)),
                interval: Duration::from_millis(500),
            };
            connection.tcp = TcpConfig {
                nodelay: Some(true),
                user_timeout: Some(Duration::from_secs(5)),
                ..TcpConfig::default()
            };
            connection.reconnect_errors = vec![
                ReconnectError::ClusterDown,
                ReconnectError::Loading,
                ReconnectError::MasterDown,
                ReconnectError::ReadOnly,
            ];
        })
        .set_policy(reconnect_policy());
    builder.build().map_err(|error| RedisError::Client(error.into()))
}

/// For ever, at most a second apart; the first delay is short, because the first connection waits for it too. The policy
/// is fred's own: its connection tasks take no other.
fn reconnect_policy() -> ReconnectPolicy {
    let mut policy = ReconnectPolicy::new_exponential(0, 10, 1000, 2);
    policy.set_jitter(10);
    policy
}

fn config(address: &Address) -> Result<Config, RedisError> {
    let server = match &address.mode {
        Mode::Standalone => ServerConfig::new_centralized(address.host.clone(), address.port),
        Mode::Sentinel { hosts } => ServerConfig::Sentinel {
            hosts: hosts
                .iter()
                .map(|(host, port)| Server::new(host.clone(), *port))
                .collect(),
            service_name: address.host.clone(),
            username: None,
            password: None,
        },
        Mode::Cluster => ServerConfig::Clustered {
            hosts: vec![Server::new(address.host.clone(), address.port)],
            // The node that the address names may be the one that died.
            policy: ClusterDiscoveryPolicy::UseCache,
        },
    };
    Ok(Config {
        server,
        version: RespVersion::RESP3,
        username: address.user.clone(),
        password: address
            .password
            .as_ref()
            .map(|password| password.expose_secret().to_owned()),
        database: (address.mode != Mode::Cluster).then_some(address.database),
        tls: tls_config(address)?,
        // A server that starts before Redis keeps trying.
        fail_fast: false,
        ..Config::default()
    })
}

/// The TLS configuration, where the address asks for TLS.
pub(crate) fn tls_config(address: &Address) -> Result<Option<TlsConfig>, RedisError> {
    if address.tls {
        Ok(Some(tls(address)?.into()))
    } else {
        Ok(None)
    }
}

fn tls(address: &Address) -> Result<TlsConnector, RedisError> {
    let failed = |error: &dyn std::fmt::Display, file: &std::path::Path| {
        RedisError::setting("ssl_ca_certs", format!("{}: {error}", file.display()))
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| RedisError::Client(error.into()))?;
    let mut roots = RootCertStore::empty();
    if let Some(file) = &address.ca_file {
        for certificate in CertificateDer::pem_file_iter(file).map_err(|error| failed(&error, file))? {
            let certificate = certificate.map_err(|error| failed(&error, file))?;
            roots.add(certificate).map_err(|error| failed(&error, file))?;
        }
    } else {
        // What the system trusts and cannot be read is not trusted.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth().into())
}
