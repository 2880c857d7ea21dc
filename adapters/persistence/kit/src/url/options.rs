//! The options behind the `?` of a PostgreSQL address, as libpq and SQLAlchemy take them.

/// What an option means to us.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The driver knows it, by this name and value.
    Passed(&'static str, String),
    /// It changes nothing for us.
    Ignored,
    /// It asks for what we cannot do: what to do instead.
    Refused(String),
    /// Nobody knows it.
    Unknown,
}

/// Options of libpq and of the reference's drivers that change nothing: we speak UTF-8, use no Kerberos, read no files of
/// passwords and services, and prepare statements in our own way.
const IGNORED: [&str; 19] = [
    "async_fallback",
    "client_encoding",
    "executemany_mode",
    "fallback_application_name",
    "gssdelegation",
    "gsslib",
    "krbsrvname",
    "max_protocol_version",
    "min_protocol_version",
    "passfile",
    "prepared_statement_cache_size",
    "service",
    "servicefile",
    "ssl_max_protocol_version",
    "sslcertmode",
    "sslcompression",
    "sslkeylogfile",
    "sslpassword",
    "sslsni",
];

/// Options that demand what we do not do.
const REFUSED: [&str; 3] = ["require_auth", "requirepeer", "sslcrldir"];

/// Options that the driver takes as they are.
const PASSED: [&str; 8] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "hostaddr",
    "keepalives_idle",
    "keepalives_interval",
    "load_balance_hosts",
    "options",
];

/// What an option means that says neither who connects whereto nor anything of TLS.
pub(super) fn meaning(name: &str, value: &str) -> Meaning {
    let known = |list: &[&'static str]| list.iter().find(|known| **known == name).copied();
    match (name, value) {
        ("gssencmode", "require") => {
            Meaning::Refused("gssencmode=require is not supported; use sslmode=require instead".to_owned())
        }
        ("gssencmode", _) => Meaning::Ignored,
        ("keepalives", _) => Meaning::Passed("keepalives", if value == "0" { "0" } else { "1" }.to_owned()),
        ("keepalives_count", _) => Meaning::Passed("keepalives_retries", value.to_owned()),
        // libpq counts milliseconds, the driver whole seconds.
        ("tcp_user_timeout", _) => match value.parse::<u64>() {
            Ok(milliseconds) => Meaning::Passed("tcp_user_timeout", milliseconds.div_ceil(1000).to_string()),
            Err(_) => Meaning::Refused("tcp_user_timeout is no number of milliseconds".to_owned()),
        },
        ("target_session_attrs", _) => session(value),
        _ => {
            if let Some(name) = known(&PASSED) {
                Meaning::Passed(name, value.to_owned())
            } else if let Some(name) = known(&REFUSED) {
                Meaning::Refused(format!("{name} is not supported; leave it out"))
            } else if known(&IGNORED).is_some() {
                Meaning::Ignored
            } else {
                Meaning::Unknown
            }
        }
    }
}

/// Which kind of server a session wants.
fn session(value: &str) -> Meaning {
    let kind = match value {
        "any" | "prefer-standby" => "any",
        "read-write" | "primary" => "read-write",
        "read-only" | "standby" => "read-only",
        _ => {
            return Meaning::Refused(
                "target_session_attrs is none of any, read-write, read-only, primary, standby, prefer-standby".to_owned(),
            );
        }
    };
    Meaning::Passed("target_session_attrs", kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_mean_what_they_mean_to_libpq() {
        let passed = |name: &'static str, value: &str| Meaning::Passed(name, value.to_owned());
        for (name, value, wanted) in [
            ("client_encoding", "utf8", Meaning::Ignored),
            ("gssencmode", "disable", Meaning::Ignored),
            ("gssencmode", "prefer", Meaning::Ignored),
            ("fallback_application_name", "x", Meaning::Ignored),
            ("prepared_statement_cache_size", "0", Meaning::Ignored),
            ("passfile", "/x", Meaning::Ignored),
            ("service", "x", Meaning::Ignored),
            ("keepalives", "1", passed("keepalives", "1")),
            ("keepalives", "0", passed("keepalives", "0")),
            ("keepalives_count", "3", passed("keepalives_retries", "3")),
            ("tcp_user_timeout", "1500", passed("tcp_user_timeout", "2")),
            (
                "target_session_attrs",
                "primary",
                passed("target_session_attrs", "read-write"),
            ),
            (
                "target_session_attrs",
                "standby",
                passed("target_session_attrs", "read-only"),
            ),
            (
                "target_session_attrs",
                "prefer-standby",
                passed("target_session_attrs", "any"),
            ),
            ("connect_timeout", "5", passed("connect_timeout", "5")),
            ("nothing", "1", Meaning::Unknown),
            ("keepalives_retries", "1", Meaning::Unknown),
        ] {
            assert_eq!(meaning(name, value), wanted, "{name}={value}");
        }
        for (name, value) in [
            ("gssencmode", "require"),
            ("require_auth", "scram-sha-256"),
            ("requirepeer", "postgres"),
            ("sslcrldir", "/x"),
            ("target_session_attrs", "best"),
            ("tcp_user_timeout", "long"),
        ] {
            let Meaning::Refused(reason) = meaning(name, value) else {
                panic!("{name}={value} should be refused");
            };
            assert!(reason.contains(name), "{reason}");
        }
    }
}
