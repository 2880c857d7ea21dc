use std::path::PathBuf;

use secrecy::SecretString;

/// The variables that libpq reads, each with the option that it stands for where the address does not say.
const VARIABLES: &[(&str, &str)] = &[
    ("PGAPPNAME", "application_name"),
    ("PGCHANNELBINDING", "channel_binding"),
    ("PGCLIENTENCODING", "client_encoding"),
    ("PGCONNECT_TIMEOUT", "connect_timeout"),
    ("PGDATABASE", "dbname"),
    ("PGGSSDELEGATION", "gssdelegation"),
    ("PGGSSENCMODE", "gssencmode"),
    ("PGGSSLIB", "gsslib"),
    ("PGHOST", "host"),
    ("PGHOSTADDR", "hostaddr"),
    ("PGKRBSRVNAME", "krbsrvname"),
    ("PGLOADBALANCEHOSTS", "load_balance_hosts"),
    ("PGMAXPROTOCOLVERSION", "max_protocol_version"),
    ("PGMINPROTOCOLVERSION", "min_protocol_version"),
    ("PGOPTIONS", "options"),
    ("PGPASSFILE", "passfile"),
    ("PGPASSWORD", "password"),
    ("PGPORT", "port"),
    ("PGREQUIREAUTH", "require_auth"),
    ("PGREQUIREPEER", "requirepeer"),
    ("PGSERVICE", "service"),
    ("PGSERVICEFILE", "servicefile"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLCERTMODE", "sslcertmode"),
    ("PGSSLCOMPRESSION", "sslcompression"),
    ("PGSSLCRL", "sslcrl"),
    ("PGSSLCRLDIR", "sslcrldir"),
    ("PGSSLKEY", "sslkey"),
    ("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version"),
    ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLNEGOTIATION", "sslnegotiation"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLSNI", "sslsni"),
    ("PGTARGETSESSIONATTRS", "target_session_attrs"),
    ("PGUSER", "user"),
];

/// What the environment says of the server where its address does not, as libpq reads it. Not printable: it may hold a
/// password.
#[derive(Default)]
pub struct ServerEnvironment {
    /// Variable, option, value.
    pub(super) options: Vec<(&'static str, &'static str, SecretString)>,
    /// Where `.postgresql` with certificates may be.
    pub(super) home: Option<PathBuf>,
}

impl ServerEnvironment {
    /// Asks for each variable.
    pub fn read(value: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| value(name).filter(|value| !value.is_empty());
        let options = VARIABLES.iter().filter_map(|(variable, option)| {
            let value = given(variable)?;
            Some((*variable, *option, SecretString::from(value)))
        });
        Self {
            options: options.collect(),
            home: given("HOME").map(PathBuf::from),
        }
    }
}
