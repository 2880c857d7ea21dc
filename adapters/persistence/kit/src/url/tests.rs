use tokio_postgres::config::{Config, Host, TargetSessionAttrs};

use std::time::Duration;

use super::tls::Roots;
use super::*;

fn parse(url: &str) -> Result<DatabaseUrl, DatabaseError> {
    DatabaseUrl::parse(&SecretString::from(url), None)
}

fn server_in(url: &str, variables: &[(&str, &str)]) -> Result<Server, DatabaseError> {
    let value = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let environment = ServerEnvironment::read(value);
    match DatabaseUrl::parse_with(&SecretString::from(url), None, &environment)? {
        DatabaseUrl::Postgres(server) => Ok(*server),
        DatabaseUrl::Sqlite { .. } => panic!("a server"),
    }
}

fn server(url: &str) -> Server {
    server_in(url, &[]).unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn config(url: &str) -> Config {
    server(url).config
}

#[test]
fn reads_the_forms_of_the_reference() {
    for (url, place) in [
        ("sqlite:///data/webui.db", "data/webui.db"),
        ("sqlite:////var/webui.db", "/var/webui.db"),
        ("postgres://u:p@db:5433/owui", "db:5433/owui"),
        ("postgresql+psycopg2://u:p@db/owui", "db:5432/owui"),
        ("postgresql://u@/owui?host=db", "db:5432/owui"),
        ("postgresql://u@/owui?host=db:5433", "db:5433/owui"),
        ("postgresql://u@other/owui?host=db&port=5434", "db:5434/owui"),
        ("postgresql://u:p@[::1]:5433/owui", "::1:5433/owui"),
        ("postgresql://u:p@db_1/owui", "db_1:5432/owui"),
        ("postgresql:///owui?host=/run/pg", "/run/pg:5432/owui"),
        (
            "postgresql://u:p@/owui?host=/run/pg&port=5433",
            "/run/pg:5433/owui",
        ),
        ("postgresql://u:p@%2Frun%2Fpg/owui", "/run/pg:5432/owui"),
        ("postgresql:///owui", "/var/run/postgresql:5432/owui"),
        ("postgresql://?host=db&dbname=owui", "db:5432/owui"),
        ("postgresql:///owui?hostaddr=127.0.0.1", "127.0.0.1:5432/owui"),
    ] {
        assert_eq!(parse(url).expect("valid").place(), place, "{url}");
    }
}

#[test]
fn several_hosts_have_ports_each() {
    for (url, ports) in [
        ("postgres://u@a:1,b:2/x", vec![1, 2]),
        ("postgres://u@a,b:2/x", vec![5432, 2]),
        ("postgres://u@a,b/x", vec![]),
        ("postgres://u@/x?host=a,b&port=1,2", vec![1, 2]),
        ("postgres://u@/x?host=a:1&host=b:2", vec![1, 2]),
        ("postgres://u@/x?host=a,b&port=7", vec![7]),
    ] {
        let given = config(url);
        assert_eq!(
            given.get_hosts(),
            [Host::Tcp("a".into()), Host::Tcp("b".into())],
            "{url}"
        );
        assert_eq!(given.get_ports(), ports, "{url}");
    }
}

#[test]
fn of_several_hosts_the_one_that_is_written_to_is_meant() {
    for (url, kind) in [
        ("postgres://u@a/x", TargetSessionAttrs::Any),
        ("postgres://u@a,b/x", TargetSessionAttrs::ReadWrite),
        (
            "postgres://u@a,b/x?target_session_attrs=any",
            TargetSessionAttrs::Any,
        ),
        (
            "postgres://u@a/x?target_session_attrs=primary",
            TargetSessionAttrs::ReadWrite,
        ),
        (
            "postgres://u@a,b/x?target_session_attrs=standby",
            TargetSessionAttrs::ReadOnly,
        ),
    ] {
        assert_eq!(config(url).get_target_session_attrs(), kind, "{url}");
    }
}

#[test]
fn passwords_hold_any_character_and_queries_are_forms() {
    let given = config("postgres://me:p%40ss+w#o/r?d%@db/owui?application_name=my+app%26'%5C+you");
    assert_eq!(given.get_password(), Some("p@ss+w#o/r?d%".as_bytes()));
    assert_eq!(given.get_application_name(), Some("my app&'\\ you"));
    assert_eq!(given.get_hosts(), [Host::Tcp("db".into())]);
    let given = config("postgres://me@db/owui?password=p%2Bs&user=you");
    assert_eq!(
        (given.get_user(), given.get_password()),
        (Some("you"), Some("p+s".as_bytes()))
    );
}

#[test]
fn options_that_change_nothing_are_passed_over() {
    for (url, wanted) in [
        ("postgres://u:p@h/x?client_encoding=utf8", vec!["client_encoding"]),
        (
            "postgres://u:p@h/x?gssencmode=disable&sslsni=1",
            vec!["gssencmode", "sslsni"],
        ),
        (
            "postgres://u:p@h/x?keepalives=1&keepalives_idle=30&keepalives_count=3",
            vec![],
        ),
        (
            "postgres://u:p@h/x?connect_timeout=5&passfile=/x",
            vec!["passfile"],
        ),
        ("postgres://u:p@h/x?sslmode=allow&sslrootcert=/ca.pem", vec![]),
        ("postgres://u:p@h/x?target_session_attrs=primary", vec![]),
        ("postgres://u:p@h/x?", vec![]),
        ("postgres://u:p@h/x?sslcert=&client_encoding=", vec![]),
        (
            "sqlite:///a.db?timeout=30&check_same_thread=false",
            vec!["timeout", "check_same_thread"],
        ),
        ("sqlite:///a.db?", vec![]),
        ("sqlite:////a.db", vec![]),
    ] {
        let ignored = match parse(url).unwrap_or_else(|error| panic!("{url}: {error}")) {
            DatabaseUrl::Sqlite { ignored, .. } => ignored,
            DatabaseUrl::Postgres(server) => server.ignored,
        };
        assert_eq!(ignored, wanted, "{url}");
    }
    let given = config("postgres://u@h/x?target_session_attrs=primary");
    assert_eq!(given.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
}

#[test]
fn the_environment_says_what_the_address_does_not() {
    let variables = [
        ("PGHOST", "db"),
        ("PGPORT", "5433"),
        ("PGUSER", "me"),
        ("PGPASSWORD", "p@ss#/%"),
        ("PGDATABASE", "owui"),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", "/ca.pem"),
        ("PGSSLCERT", "/me.crt"),
        ("PGSSLKEY", "/me.key"),
        ("PGAPPNAME", "x"),
        ("PGCLIENTENCODING", "utf8"),
        ("PGTZ", "UTC"),
        ("HOME", "/home/me"),
    ];
    let all = server_in("postgresql://", &variables).expect("valid");
    assert_eq!(all.place(), "db:5433/owui");
    assert_eq!(all.config.get_user(), Some("me"));
    assert_eq!(all.config.get_password(), Some("p@ss#/%".as_bytes()));
    assert_eq!(all.config.get_application_name(), Some("x"));
    assert_eq!(all.tls.mode, TlsMode::VerifyFull);
    assert_eq!(all.tls.roots, Roots::File("/ca.pem".into()));
    assert_eq!(all.tls.certificate, Some("/me.crt".into()));
    assert_eq!(all.tls.key, Some("/me.key".into()));
    assert_eq!(all.tls.folder, Some("/home/me/.postgresql".into()));
    assert_eq!(all.ignored, ["PGCLIENTENCODING"]);

    let url = "postgresql://you:q@other:1/y?sslmode=require&application_name=z&client_encoding=utf8";
    let other = server_in(url, &variables).expect("valid");
    assert_eq!(other.place(), "other:1/y");
    assert_eq!(other.config.get_user(), Some("you"));
    assert_eq!(other.config.get_password(), Some("q".as_bytes()));
    assert_eq!(other.config.get_application_name(), Some("z"));
    assert_eq!(other.tls.mode, TlsMode::Require);
    assert_eq!(other.ignored, ["client_encoding"]);

    let Err(error) = server_in("postgresql://db/x", &[("PGSSLMODE", "hunter2")]) else {
        panic!("it is wrong")
    };
    let text = error.to_string();
    assert!(
        text.starts_with("PGSSLMODE is not valid") && text.contains("verify-full"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn every_sslmode_is_known() {
    for (options, mode) in [
        ("", TlsMode::Prefer),
        ("sslmode=disable", TlsMode::Disable),
        ("sslmode=allow", TlsMode::Allow),
        ("sslmode=prefer", TlsMode::Prefer),
        ("sslmode=require", TlsMode::Require),
        ("sslmode=verify-ca", TlsMode::VerifyCa),
        ("sslmode=verify-full", TlsMode::VerifyFull),
        ("sslrootcert=system", TlsMode::VerifyFull),
        ("sslmode=require&sslnegotiation=direct", TlsMode::Require),
        // Sockets are not encrypted, whatever is said.
        ("sslmode=require&host=/run/pg", TlsMode::Disable),
    ] {
        assert_eq!(
            server(&format!("postgres://u@db/x?{options}")).tls.mode,
            mode,
            "{options}"
        );
    }
    for (options, words) in [
        (
            "sslmode=full",
            "none of disable, allow, prefer, require, verify-ca, verify-full",
        ),
        ("sslmode=require&sslrootcert=system", "sslmode=verify-full"),
        ("sslnegotiation=direct", "sslmode=require"),
        ("sslcert=/me.crt", "sslcert and sslkey"),
        ("ssl_min_protocol_version=2", "TLSv1.3"),
    ] {
        let refused = parse(&format!("postgres://u@db/x?{options}"))
            .expect_err(options)
            .to_string();
        assert!(refused.contains(words), "{refused}");
    }
}

#[test]
fn a_server_that_vanished_is_noticed() {
    let given = config("postgres://u@db/x");
    assert_eq!(given.get_keepalives_idle(), Duration::from_secs(30));
    assert_eq!(given.get_tcp_user_timeout(), Some(&Duration::from_secs(30)));
    let given = config("postgres://u@db/x?keepalives_idle=7&tcp_user_timeout=9000");
    assert_eq!(given.get_keepalives_idle(), Duration::from_secs(7));
    assert_eq!(given.get_tcp_user_timeout(), Some(&Duration::from_secs(9)));
}

#[test]
fn a_schema_is_searched_first() {
    let url = SecretString::from("postgres://me@db/owui?options=-cstatement_timeout%3D5");
    let Ok(DatabaseUrl::Postgres(server)) = DatabaseUrl::parse(&url, Some("team")) else {
        panic!("a server")
    };
    assert_eq!(
        server.config.get_options(),
        Some("-cstatement_timeout=5 -csearch_path=team")
    );
    assert_eq!(server.schema.as_deref(), Some("team"));
}

#[test]
fn refuses_others_without_showing_the_password() {
    for url in [
        "mysql://u:hunter2@db/x",
        "hunter2",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "postgres://u:hunter2@:x/y",
        "postgres://u:hunter2@h:port/y",
        "postgres://u:hunter2@h:0/y",
        "postgres://u:hunter2@h/y?nothing=hunter2",
        "postgres://u:hunter2@h/y?port=1,2",
        "postgres://u:p@hunter2?hunter2=1@h/y",
        "postgres://u:p@x&hunter2/y",
        "postgres://u:p@h/x?sslmode=hunter2",
        "postgres://u:p@h/x?connect_timeout=hunter2",
    ] {
        let error = parse(url).expect_err(url).to_string();
        assert!(
            error.starts_with("DATABASE_URL is not valid") && !error.contains("hunter2"),
            "{error}"
        );
    }
    let unknown = parse("postgres://u:p@h/x?nothing=1")
        .expect_err("unknown")
        .to_string();
    assert!(unknown.contains("unknown option \"nothing\""), "{unknown}");
    for url in [
        "postgres://u:hunter2@h/x",
        "postgres://u:a@hunter2@h/x",
        "postgres://u:a@hunter2/b@h/x",
        "postgres://u:a#hunter2@h/x",
        "postgres://u:a/hunter2@h/x",
    ] {
        let place = format!("{:?}", parse(url).expect("valid"));
        assert_eq!(place, "h:5432/x", "{url}");
    }
}
