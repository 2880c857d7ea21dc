use std::error::Error;
use std::net::Ipv6Addr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::ExposeSecret;
use tokio_postgres::config::{Config, Host, TargetSessionAttrs};

use super::environment::ServerEnvironment;
use super::options::{Meaning, meaning};
use super::text::ServerText;
use super::tls::{TlsMode, TlsOptions};
use super::{SERVER_FORM, invalid};
use crate::DatabaseError;

/// Where libpq looks for a socket when no host is named.
const SOCKETS: &str = "/var/run/postgresql";

/// How long a silent connection lives until the machine asks whether the other one is still there, and how long what was
/// sent may stay unacknowledged: a server that vanished is noticed, though it never said so. An address may say otherwise.
const KEEPALIVE: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEPALIVE_RETRIES: u32 = 3;
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// A PostgreSQL server, and how to connect.
#[derive(Clone)]
pub struct Server {
    /// For the driver, with the password.
    pub(crate) config: Config,
    /// What the driver does not know of TLS.
    pub(crate) tls: TlsOptions,
    /// Schema that holds the tables (`DATABASE_SCHEMA`); the server's default when none.
    pub(crate) schema: Option<String>,
    /// Options that change nothing for us.
    pub(crate) ignored: Vec<String>,
}

/// What was said about a server, while it is gathered. Options come as libpq names them.
#[derive(Default)]
struct Parts {
    user: Option<String>,
    password: Option<Vec<u8>>,
    name: Option<String>,
    hosts: Vec<String>,
    ports: Vec<String>,
    /// What the driver takes, in its own form.
    passed: String,
    has_keepalive: [bool; 4],
    /// Whether `target_session_attrs` is said.
    has_session: bool,
    tls: TlsOptions,
    ignored: Vec<String>,
}

impl Server {
    /// Puts together what the address says, and what the environment says where the address does not.
    pub(super) fn new(
        text: ServerText,
        environment: &ServerEnvironment,
        schema: Option<&str>,
    ) -> Result<Self, DatabaseError> {
        let mut parts = Parts {
            user: text.user,
            password: text.password,
            name: text.name,
            ..Parts::default()
        };
        parts.add_authority(&text.authority)?;
        let mut said: Vec<&str> = Vec::new();
        let hosts = text
            .options
            .iter()
            .filter(|(name, value)| name == "host" && !value.is_empty());
        let hosts: Vec<&str> = hosts.map(|(_, value)| value.as_str()).collect();
        if !hosts.is_empty() {
            parts.set_hosts(&hosts.join(","));
        }
        for (name, value) in text
            .options
            .iter()
            .filter(|(name, value)| name != "host" && !value.is_empty())
        {
            said.push(name);
            parts.set(name, value, name).map_err(|reason| {
                // An @ may mean that a password was taken for options.
                invalid(if text.may_show_password {
                    format!("an option is not known or not valid; {SERVER_FORM}")
                } else {
                    format!("{reason}; {SERVER_FORM}")
                })
            })?;
        }
        parts.add_environment(environment, &said)?;
        let home = environment.home.as_deref();
        let tls = std::mem::take(&mut parts.tls);
        parts.tls = tls.finish(home).map_err(invalid)?;
        parts.into_server(schema)
    }

    /// Host, port and name of the database; never a password.
    pub(super) fn place(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => folder.display().to_string(),
            None => String::new(),
        };
        let port = self.config.get_ports().first().unwrap_or(&5432);
        format!("{host}:{port}/{}", self.config.get_dbname().unwrap_or_default())
    }
}

impl Parts {
    /// Hosts with ports, as they stand between `@` and `/`.
    fn add_authority(&mut self, authority: &str) -> Result<(), DatabaseError> {
        for one in authority.split(',').filter(|_| !authority.is_empty()) {
            let (host, port) = split_port(one);
            let host = percent_decode_str(host)
                .decode_utf8()
                .map_err(|_| invalid(format!("its host is no text; {SERVER_FORM}")))?;
            self.hosts.push(host.into_owned());
            self.ports.push(port.unwrap_or_default().to_owned());
        }
        // `:5432/name` names a port at the default host.
        if self.hosts.iter().all(String::is_empty) {
            self.hosts.clear();
        }
        if self.ports.iter().all(String::is_empty) {
            self.ports.clear();
        }
        Ok(())
    }

    /// The hosts of an option: `a,b`, or `a:1,b:2` as SQLAlchemy has it.
    fn set_hosts(&mut self, hosts: &str) {
        let split: Vec<_> = hosts.split(',').map(split_port).collect();
        self.hosts = split.iter().map(|(host, _)| (*host).to_owned()).collect();
        if split.iter().any(|(_, port)| port.is_some()) {
            let port = |port: &Option<&str>| port.unwrap_or_default().to_owned();
            self.ports = split.iter().map(|(_, given)| port(given)).collect();
        }
    }

    /// Takes an option in. `shown` is what a warning calls it.
    fn set(&mut self, name: &str, value: &str, shown: &str) -> Result<(), String> {
        match name {
            "user" => self.user = Some(value.to_owned()),
            "password" => self.password = Some(value.as_bytes().to_vec()),
            "dbname" => self.name = Some(value.to_owned()),
            "host" => self.set_hosts(value),
            "port" => self.ports = value.split(',').map(str::to_owned).collect(),
            _ if self.tls.set(name, value)? => {}
            _ => match meaning(name, value) {
                Meaning::Passed(name, value) => self.pass(name, &value),
                Meaning::Ignored => self.ignored.push(shown.to_owned()),
                Meaning::Refused(reason) => return Err(reason),
                Meaning::Unknown => return Err(format!("unknown option {name:?}")),
            },
        }
        Ok(())
    }

    fn pass(&mut self, name: &'static str, value: &str) {
        let own = [
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_retries",
            "tcp_user_timeout",
        ];
        for (has, own) in self.has_keepalive.iter_mut().zip(own) {
            *has |= own == name;
        }
        self.has_session |= name == "target_session_attrs";
        let escaped = value.replace('\\', "\\\\").replace('\'', "\\'");
        self.passed += &format!("{name}='{escaped}' ");
    }

    /// What the environment says of what the address leaves out.
    fn add_environment(
        &mut self,
        environment: &ServerEnvironment,
        said: &[&str],
    ) -> Result<(), DatabaseError> {
        for (variable, option, value) in &environment.options {
            let is_said = match *option {
                "user" => self.user.is_some(),
                "password" => self.password.is_some(),
                "dbname" => self.name.is_some(),
                "host" => !self.hosts.is_empty(),
                "port" => !self.ports.is_empty(),
                option => said.contains(&option),
            };
            if !is_said {
                self.set(option, value.expose_secret(), variable)
                    .map_err(|reason| DatabaseError::BadUrl { variable, reason })?;
            }
        }
        Ok(())
    }

    fn into_server(self, schema: Option<&str>) -> Result<Server, DatabaseError> {
        let mut config: Config = self.passed.parse().map_err(|error: tokio_postgres::Error| {
            // The source names the option; neither shows its value.
            let reason = error
                .source()
                .map_or_else(|| error.to_string(), ToString::to_string);
            invalid(format!("{reason}; {SERVER_FORM}"))
        })?;
        self.add_hosts(&mut config)?;
        // Of several servers the one that can be written to is meant, unless something else is said.
        if config.get_hosts().len() > 1 && !self.has_session {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        self.add_keepalives(&mut config);
        if let Some(user) = self.user {
            config.user(user);
        }
        if let Some(password) = self.password {
            config.password(password);
        }
        if let Some(name) = self.name {
            config.dbname(name);
        }
        let schema = schema.filter(|schema| !schema.is_empty());
        if let Some(schema) = schema {
            search_first(&mut config, schema)?;
        }
        let mut tls = self.tls;
        // Nothing is encrypted on a socket of this machine.
        if config.get_hosts().iter().all(is_socket) {
            tls.mode = TlsMode::Disable;
        }
        Ok(Server {
            config,
            tls,
            schema: schema.map(str::to_owned),
            ignored: self.ignored,
        })
    }

    fn add_hosts(&self, config: &mut Config) -> Result<(), DatabaseError> {
        for host in &self.hosts {
            if !is_host(host) {
                let reason = "its host holds characters that no host has";
                return Err(invalid(format!("{reason}; {SERVER_FORM}")));
            }
            config.host(host);
        }
        if self.hosts.is_empty() {
            // An address in numbers is a name, too: that of the certificate.
            let numbers: Vec<String> = config.get_hostaddrs().iter().map(ToString::to_string).collect();
            for number in &numbers {
                config.host(number);
            }
            if numbers.is_empty() {
                config.host(SOCKETS);
            }
        }
        for port in &self.ports {
            let number = if port.is_empty() {
                Some(5432)
            } else {
                port.parse().ok()
            };
            let number = number.filter(|number| *number > 0);
            config.port(
                number.ok_or_else(|| {
                    invalid(format!("its port is no number from 1 to 65535; {SERVER_FORM}"))
                })?,
            );
        }
        let (hosts, ports) = (config.get_hosts().len(), config.get_ports().len());
        if ports > 1 && ports != hosts {
            return Err(invalid(format!(
                "it names {hosts} hosts and {ports} ports; name one port, or one for each host"
            )));
        }
        Ok(())
    }

    fn add_keepalives(&self, config: &mut Config) {
        let [idle, interval, retries, unacknowledged] = self.has_keepalive;
        if !idle {
            config.keepalives_idle(KEEPALIVE);
        }
        if !interval {
            config.keepalives_interval(KEEPALIVE_INTERVAL);
        }
        if !retries {
            config.keepalives_retries(KEEPALIVE_RETRIES);
        }
        if !unacknowledged {
            config.tcp_user_timeout(UNACKNOWLEDGED);
        }
    }
}

/// Lets a schema be searched before others.
fn search_first(config: &mut Config, schema: &str) -> Result<(), DatabaseError> {
    if !schema.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(DatabaseError::BadUrl {
            variable: "DATABASE_SCHEMA",
            reason: "a schema's name holds letters, digits and underscores".to_owned(),
        });
    }
    let given = config.get_options().map(|options| format!("{options} "));
    config.options(format!("{}-csearch_path={schema}", given.unwrap_or_default()));
    Ok(())
}

/// A host and its port; a host in brackets is an IPv6 address.
fn split_port(text: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':'));
    }
    if text.starts_with('/') || text.parse::<Ipv6Addr>().is_ok() {
        return (text, None);
    }
    match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    }
}

/// Whether a text can be a host: a name, an address, or the folder of a socket.
fn is_host(text: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.starts_with('/')
        || text.parse::<Ipv6Addr>().is_ok()
        || (!text.is_empty() && text.chars().all(is_name))
}

fn is_socket(host: &Host) -> bool {
    match host {
        Host::Tcp(_) => false,
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}
