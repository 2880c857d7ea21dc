//! Where Redis is, from the variables that the reference reads.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
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
    /// Options of the address that change nothing for us.
    pub ignored: Vec<String>,
}

/// Options of redis-py that change nothing: how it reads, retries and pools is ours to know.
const IGNORED: [&str; 22] = [
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
    "socket_connect_timeout",
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
        let mut given = Given {
            database: url.path().trim_matches('/').to_owned(),
            ..Given::default()
        };
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
            port: url.port().unwrap_or(6379),
            tls,
            ca_file: given.ca_file,
            user: Some(given.user).filter(|user| !user.is_empty()),
            password: given.password,
            database,
            mode,
            ignored: given.ignored,
        })
    }
}

/// What the options of an address say.
#[derive(Default)]
struct Given {
    database: String,
    ca_file: Option<PathBuf>,
    user: String,
    password: Option<SecretString>,
    ignored: Vec<String>,
}

impl Given {
    /// Takes an option; the problem, where it is wrong.
    fn take(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "db" => self.database = value.to_owned(),
            "username" => self.user = value.to_owned(),
            "password" => self.password = Some(SecretString::from(value)),
            "ssl_ca_certs" => self.ca_file = Some(PathBuf::from(value)),
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
                    "has an unknown option {other:?}; allowed: db, username, password, ssl_ca_certs, ssl_cert_reqs, \
                     ssl_check_hostname, and options of redis-py that change nothing here"
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
mod tests {
    use super::*;

    fn parse(url: &str, cluster: bool, sentinels: &str) -> Result<Address, RedisError> {
        Address::parse(&AddressText {
            variable: "REDIS_URL",
            url: &SecretString::from(url),
            cluster,
            sentinel_hosts: sentinels,
            sentinel_port: 26379,
        })
    }

    #[test]
    fn every_part_of_an_address_is_read() {
        let address = parse(
            "rediss://ann:p%40ss@redis.example:7000/3?ssl_ca_certs=/ca.pem",
            false,
            "",
        )
        .unwrap();
        assert_eq!((address.host.as_str(), address.port), ("redis.example", 7000));
        assert!(address.tls);
        assert_eq!(address.user.as_deref(), Some("ann"));
        assert_eq!(address.password.unwrap().expose_secret(), "p@ss");
        assert_eq!((address.database, address.mode), (3, Mode::Standalone));
        assert_eq!(address.ca_file, Some(PathBuf::from("/ca.pem")));
    }

    #[test]
    fn options_of_redis_py_are_taken_or_passed_over() {
        for (query, ignored) in [
            ("socket_timeout=5", vec!["socket_timeout"]),
            (
                "socket_connect_timeout=2&socket_keepalive=True",
                vec!["socket_connect_timeout", "socket_keepalive"],
            ),
            (
                "retry_on_timeout=true&health_check_interval=30",
                vec!["retry_on_timeout", "health_check_interval"],
            ),
            ("max_connections=10", vec!["max_connections"]),
            (
                "decode_responses=True&encoding=utf-8",
                vec!["decode_responses", "encoding"],
            ),
            ("protocol=3", vec!["protocol"]),
            ("client_name=webui", vec!["client_name"]),
            ("ssl_cert_reqs=required&ssl_check_hostname=true", vec![]),
            ("db=4", vec![]),
        ] {
            let address = parse(&format!("redis://ann:hidden@h/0?{query}"), false, "").expect(query);
            assert_eq!(address.ignored, ignored, "{query}");
            assert_eq!(address.user.as_deref(), Some("ann"), "{query}");
        }
        let address = parse("redis://h/0?username=ann&password=p%40ss", false, "").unwrap();
        assert_eq!(address.user.as_deref(), Some("ann"));
        assert_eq!(address.password.unwrap().expose_secret(), "p@ss");
        let address = parse("redis://bob:mine@h/0?username=ann&password=other", false, "").unwrap();
        assert_eq!(address.user.as_deref(), Some("bob"));
        assert_eq!(address.password.unwrap().expose_secret(), "mine");
    }

    #[test]
    fn missing_parts_have_the_references_defaults() {
        let address = parse("redis://:secret@", false, "");
        assert!(address.is_err(), "a password without a host is no address");
        let address = parse("redis://localhost", false, "").unwrap();
        assert_eq!((address.port, address.database, address.user), (6379, 0, None));
        let address = parse("redis:///2", false, "s1, s2:26380").unwrap();
        assert_eq!(address.host, "mymaster");
        let hosts = vec![("s1".to_owned(), 26379), ("s2".to_owned(), 26380)];
        assert_eq!((address.database, address.mode), (2, Mode::Sentinel { hosts }));
    }

    #[test]
    fn errors_name_what_is_allowed_and_never_show_the_password() {
        for (url, cluster, says) in [
            ("http://u:hunter2@h", false, "redis://"),
            ("redis://u:hunter2@h:port", false, "percent-encode"),
            ("redis://u:hunter2@h/x", false, "0 to 255"),
            ("redis://u:hunter2@h/1", true, "only database 0"),
            ("rediss://u:hunter2@h?ssl_cert_reqs=none", false, "ssl_ca_certs"),
            ("redis://u:hunter2@h?x=1", false, "unknown option"),
            (
                "redis://u:hunter2@h?ssl_certfile=/hunter2",
                false,
                "unknown option",
            ),
            (
                "rediss://u:hunter2@h?ssl_check_hostname=false",
                false,
                "must be true",
            ),
        ] {
            let text = parse(url, cluster, "").unwrap_err().to_string();
            assert!(
                text.starts_with("REDIS_URL: ") && text.contains(says),
                "{url}: {text}"
            );
            assert!(!text.contains("hunter2"), "{text}");
        }
    }

    #[test]
    fn sentinels_take_precedence_over_a_cluster_as_in_the_reference() {
        let address = parse("redis://svc:1", true, "s1").unwrap();
        assert!(matches!(address.mode, Mode::Sentinel { .. }));
        assert_eq!(parse("redis://h:1", true, "").unwrap().mode, Mode::Cluster);
    }
}
