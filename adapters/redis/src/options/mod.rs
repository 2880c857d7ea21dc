//! Where Redis is, from the variables that the reference reads.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use keelson_domain::shared::json;
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use url::Url;

use crate::error::RedisError;

/// How the servers are deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// One server.
    Standalone,
    /// A master that these sentinels know; the address's host is the name of the service.
    Sentinel {
        /// Host and port of each sentinel.
        hosts: Vec<(String, u16)>,
    },
    /// A cluster, of which the address names one node.
    Cluster,
}

/// The port of Redis.
const DEFAULT_PORT: u16 = 6379;

/// A Redis, as read from the variables.
#[derive(Debug, Clone)]
pub struct Address {
    /// Host of a server or of a node; the service's name with sentinels.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Whether to use TLS (`rediss://`); with sentinels, for them too.
    pub tls: bool,
    /// A file of certificates to trust instead of the system's (`?ssl_ca_certs=`).
    pub ca_file: Option<PathBuf>,
    /// User, if not the default one.
    pub user: Option<String>,
    /// Password, if any. With sentinels it is the master's.
    pub password: Option<SecretString>,
    /// Number of the database.
    pub database: u8,
    /// How the servers are deployed.
    pub mode: Mode,
    /// Longest time to connect, where the options say so (`socket_connect_timeout`); else [`RedisOptions::connect_timeout`].
    pub connect_timeout: Option<Duration>,
    /// Options of the address that change nothing for us.
    pub ignored: Vec<String>,
}

impl fmt::Display for Address {
    /// As it may be logged: without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, port) = (&self.host, self.port);
        match &self.mode {
            Mode::Standalone => write!(f, "{host}:{port}/{}", self.database),
            Mode::Cluster => write!(f, "the cluster of {host}:{port}"),
            Mode::Sentinel { hosts } => {
                let hosts: Vec<String> = hosts
                    .iter()
                    .map(|(host, port)| format!("{host}:{port}"))
                    .collect();
                write!(f, "{host} of the sentinels {}", hosts.join(", "))
            }
        }
    }
}

/// Options of redis-py that change nothing: how it reads, retries and pools is ours to know.
const IGNORED: [&str; 21] = [
    "cache_config",
    "client_name",
    "decode_responses",
    "encoding",
    "encoding_errors",
    "errors",
    "health_check_interval",
    "lib_name",
    "lib_version",
    "max_connections",
    "protocol",
    "retry_on_error",
    "retry_on_timeout",
    "single_connection_client",
    "socket_keepalive",
    "socket_keepalive_options",
    "socket_read_size",
    "socket_timeout",
    "ssl_ciphers",
    "ssl_min_version",
    "timeout",
];

/// The variables that an [`Address`] is read from.
#[derive(Debug, Clone)]
pub struct AddressText<'a> {
    /// The variable that `url` comes from, for error texts: `REDIS_URL`, `WEBSOCKET_REDIS_URL`.
    pub variable: &'a str,
    /// `redis://` or `rediss://`, `[user[:password]@]host[:port][/database]`.
    pub url: &'a SecretString,
    /// `REDIS_CLUSTER`.
    pub cluster: bool,
    /// `REDIS_SENTINEL_HOSTS`: names, separated by commas; empty without sentinels, which take precedence over a cluster.
    pub sentinel_hosts: &'a str,
    /// `REDIS_SENTINEL_PORT`.
    pub sentinel_port: u16,
    /// A variable with more options, as a JSON object (`WEBSOCKET_REDIS_OPTIONS`), and its value. What the address says
    /// counts before them.
    pub options: Option<(&'a str, &'a SecretString)>,
}

/// How Redis is used.
#[derive(Debug, Clone)]
pub struct RedisOptions {
    /// The main Redis.
    pub address: Address,
    /// Another one for the socket layer (fan-out, presence), if `WEBSOCKET_REDIS_URL` names one.
    pub sockets: Option<Address>,
    /// Prefix of every key (`REDIS_KEY_PREFIX`).
    pub prefix: String,
    /// Longest time to connect (`REDIS_SOCKET_CONNECT_TIMEOUT`).
    pub connect_timeout: Duration,
    /// How often a command is tried when the connection breaks meanwhile (`REDIS_SENTINEL_MAX_RETRY_COUNT`).
    pub retries: u32,
    /// How long the lock on the cleanup of the usage pool is held (`WEBSOCKET_REDIS_LOCK_TIMEOUT`).
    pub lock_ttl: Duration,
    /// Whether the server must not start without Redis.
    pub required: bool,
}

impl RedisOptions {
    /// The defaults, at an address.
    pub fn at(address: Address) -> Self {
        Self {
            address,
            sockets: None,
            prefix: "open-webui".to_owned(),
            connect_timeout: Duration::from_secs(2),
            retries: 2,
            lock_ttl: Duration::from_secs(60),
            required: false,
        }
    }
}

impl Address {
    /// A server on this machine, as redis-py has it where nothing is said.
    pub fn local() -> Self {
        Self {
            host: "localhost".to_owned(),
            port: DEFAULT_PORT,
            tls: false,
            ca_file: None,
            user: None,
            password: None,
            database: 0,
            mode: Mode::Standalone,
            connect_timeout: None,
            ignored: Vec::new(),
        }
    }

    /// Reads an address.
    ///
    /// # Errors
    /// [`RedisError::Setting`]; its text never shows what the variable holds.
    pub fn parse(text: &AddressText<'_>) -> Result<Self, RedisError> {
        let wrong = |problem: &str| RedisError::setting(text.variable, problem);
        let url = Url::parse(text.url.expose_secret()).map_err(|error| {
            wrong(&format!(
                "cannot be read as an address ({error}); allowed: redis://[user:password@]host[:port][/database], \
                 or rediss:// for TLS; percent-encode special characters of the password"
            ))
        })?;
        let tls = match url.scheme() {
            "redis" => false,
            "rediss" => true,
            _ => return Err(wrong("must start with redis:// or rediss://")),
        };
        let decode = |part: &str| {
            percent_decode_str(part)
                .decode_utf8()
                .map(|text| text.into_owned())
                .map_err(|_| wrong("user and password must be UTF-8 once percent-decoded"))
        };
        let mode = mode(text)?;
        let fallback = match mode {
            Mode::Sentinel { .. } => "mymaster",
            Mode::Standalone | Mode::Cluster => "localhost",
        };
        let host = url.host_str().filter(|host| !host.is_empty()).unwrap_or(fallback);
        let mut given = Given::default();
        if let Some((variable, options)) = text.options {
            given
                .take_all(options)
                .map_err(|problem| RedisError::setting(variable, problem))?;
        }
        let path = url.path().trim_matches('/');
        if !path.is_empty() {
            given.database = path.to_owned();
        }
        for (name, value) in url.query_pairs() {
            given.take(&name, &value).map_err(|problem| wrong(&problem))?;
        }
        // What stands before the host counts before the options, as with redis-py.
        if !url.username().is_empty() {
            given.user = decode(url.username())?;
        }
        if let Some(password) = url.password().filter(|password| !password.is_empty()) {
            given.password = Some(SecretString::from(decode(password)?));
        }
        let database = database_number(&given.database)
            .ok_or_else(|| wrong("the database after the host must be a number from 0 to 255"))?;
        if mode == Mode::Cluster && database != 0 {
            return Err(wrong(
                "names a database, and a cluster has only database 0: leave it out",
            ));
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(DEFAULT_PORT),
            tls,
            ca_file: given.ca_file,
            user: Some(given.user).filter(|user| !user.is_empty()),
            password: given.password,
            database,
            mode,
            connect_timeout: given.connect_timeout,
            ignored: given.ignored,
        })
    }

    /// Whether another address leads to the same servers in the same way.
    pub fn is_same(&self, other: &Self) -> bool {
        let password = |address: &Self| {
            let given = address.password.as_ref();
            given.map(|password| password.expose_secret().to_owned())
        };
        let place = |address: &Self| {
            (
                address.host.clone(),
                address.port,
                address.database,
                address.mode.clone(),
            )
        };
        let security = |address: &Self| (address.tls, address.ca_file.clone(), address.user.clone());
        place(self) == place(other)
            && security(self) == security(other)
            && password(self) == password(other)
            && self.connect_timeout == other.connect_timeout
    }
}

/// What the options of an address say.
#[derive(Default)]
struct Given {
    database: String,
    ca_file: Option<PathBuf>,
    user: String,
    password: Option<SecretString>,
    connect_timeout: Option<Duration>,
    ignored: Vec<String>,
}

impl Given {
    /// Takes the options of a JSON object; the problem, where one is wrong. No value is ever shown.
    fn take_all(&mut self, options: &SecretString) -> Result<(), String> {
        let read = json::read_as::<Map<String, Value>>(options.expose_secret().as_bytes());
        let options = read.map_err(|_| {
            "is no JSON object; allowed: options of redis-py such as {\"socket_connect_timeout\": 5}"
                .to_owned()
        })?;
        for (name, value) in options {
            match value {
                Value::Null => {}
                Value::String(text) => self.take(&name, &text)?,
                Value::Bool(_) | Value::Number(_) => self.take(&name, &value.to_string())?,
                // Where redis-py takes lists and objects, they change nothing for us.
                Value::Array(_) | Value::Object(_) if IGNORED.contains(&name.as_str()) => {
                    self.ignored.push(name)
                }
                Value::Array(_) | Value::Object(_) => {
                    return Err(format!("{name:?} must be text, a number, true or false"));
                }
            }
        }
        Ok(())
    }

    /// Takes an option; the problem, where it is wrong.
    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "db" => self.database = value.to_owned(),
            "username" => self.user = value.to_owned(),
            "password" => self.password = Some(SecretString::from(value)),
            "ssl_ca_certs" => self.ca_file = Some(PathBuf::from(value)),
            "socket_connect_timeout" => {
                let seconds = value
                    .parse()
                    .ok()
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
                let timeout = seconds.filter(|timeout| !timeout.is_zero());
                self.connect_timeout =
                    Some(timeout.ok_or("socket_connect_timeout must be a number of seconds above 0")?);
            }
            "ssl_cert_reqs" if value == "required" => {}
            "ssl_cert_reqs" => {
                return Err(
                    "ssl_cert_reqs must be required: a server whose certificate is not checked may be anybody; give its \
                     authority's file as ssl_ca_certs"
                        .to_owned(),
                );
            }
            "ssl_check_hostname" if is_true(value) => {}
            "ssl_check_hostname" => {
                return Err(
                    "ssl_check_hostname must be true: another server with a valid certificate may be anybody"
                        .to_owned(),
                );
            }
            other if IGNORED.contains(&other) => self.ignored.push(other.to_owned()),
            other => {
                return Err(format!(
                    "has an unknown option {other:?}; allowed: db, username, password, socket_connect_timeout, ssl_ca_certs, \
                     ssl_cert_reqs, ssl_check_hostname, and options of redis-py that change nothing here"
                ));
            }
        }
        Ok(())
    }
}

fn is_true(switch: &str) -> bool {
    matches!(
        switch.to_ascii_lowercase().as_str(),
        "true" | "1" | "yes" | "t" | "y"
    )
}

fn database_number(text: &str) -> Option<u8> {
    if text.is_empty() {
        Some(0)
    } else {
        text.parse().ok()
    }
}

fn mode(text: &AddressText<'_>) -> Result<Mode, RedisError> {
    let mut hosts = Vec::new();
    for part in text.sentinel_hosts.split(',').map(str::trim) {
        if part.is_empty() {
            continue;
        }
        let (host, port) = match part.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') => {
                let port = port.parse().map_err(|_| {
                    RedisError::setting(
                        "the list of sentinel hosts",
                        format!("{part:?} has a port that is no number; allowed: names separated by commas"),
                    )
                })?;
                (host, port)
            }
            _ => (part, text.sentinel_port),
        };
        hosts.push((host.to_owned(), port));
    }
    Ok(if !hosts.is_empty() {
        Mode::Sentinel { hosts }
    } else if text.cluster {
        Mode::Cluster
    } else {
        Mode::Standalone
    })
}

#[cfg(test)]
mod tests;
