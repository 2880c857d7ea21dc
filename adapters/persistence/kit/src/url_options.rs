//! The options behind the `?` of a PostgreSQL address, as libpq and SQLAlchemy take them.

/// What an option means to us.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The driver knows it, by this name and value.
    Passed(String, String),
    /// It changes nothing for us.
    Ignored,
    /// It asks for what we cannot do: what to do instead.
    Refused(String),
}

/// Options of libpq and of the reference's drivers that change nothing: we speak UTF-8, use no TLS and no Kerberos, and
/// prepare statements in our own way.
const IGNORED: [&str; 25] = [
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
    "ssl_max_protocol_version",
    "ssl_min_protocol_version",
    "sslcert",
    "sslcertmode",
    "sslcompression",
    "sslcrl",
    "sslcrldir",
    "sslkey",
    "sslkeylogfile",
    "sslpassword",
    "sslrootcert",
    "sslsni",
    "use_native_unicode",
    "servicefile",
];

/// What an option means. Those that nobody knows are left to the driver, which refuses them.
pub(crate) fn meaning(name: &str, value: &str) -> Meaning {
    let passed = |name: &str, value: &str| Meaning::Passed(name.to_owned(), value.to_owned());
    match (name, value) {
        ("sslmode", "require" | "verify-ca" | "verify-full") => Meaning::Refused(format!(
            "sslmode={value} is not supported yet; use sslmode=prefer or disable on a network that you trust"
        )),
        ("sslmode", "allow") => passed(name, "prefer"),
        ("gssencmode", "require") => Meaning::Refused(
            "gssencmode=require is not supported; leave it out on a network that you trust".to_owned(),
        ),
        ("gssencmode", _) => Meaning::Ignored,
        ("keepalives", _) => passed(name, if value == "0" { "0" } else { "1" }),
        ("keepalives_count", _) => passed("keepalives_retries", value),
        ("target_session_attrs", "primary") => passed(name, "read-write"),
        _ if IGNORED.contains(&name) => Meaning::Ignored,
        _ => passed(name, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_mean_what_they_mean_to_libpq() {
        let passed = |name: &str, value: &str| Meaning::Passed(name.to_owned(), value.to_owned());
        for (name, value, wanted) in [
            ("client_encoding", "utf8", Meaning::Ignored),
            ("gssencmode", "disable", Meaning::Ignored),
            ("gssencmode", "prefer", Meaning::Ignored),
            ("sslrootcert", "/ca.pem", Meaning::Ignored),
            ("fallback_application_name", "x", Meaning::Ignored),
            ("prepared_statement_cache_size", "0", Meaning::Ignored),
            ("sslmode", "prefer", passed("sslmode", "prefer")),
            ("sslmode", "allow", passed("sslmode", "prefer")),
            ("keepalives_count", "3", passed("keepalives_retries", "3")),
            (
                "target_session_attrs",
                "primary",
                passed("target_session_attrs", "read-write"),
            ),
            ("connect_timeout", "5", passed("connect_timeout", "5")),
            ("nothing", "1", passed("nothing", "1")),
        ] {
            assert_eq!(meaning(name, value), wanted, "{name}={value}");
        }
        for (name, value) in [
            ("sslmode", "require"),
            ("sslmode", "verify-ca"),
            ("sslmode", "verify-full"),
            ("gssencmode", "require"),
        ] {
            assert!(
                matches!(meaning(name, value), Meaning::Refused(_)),
                "{name}={value}"
            );
        }
    }
}
