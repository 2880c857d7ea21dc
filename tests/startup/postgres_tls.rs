//! A PostgreSQL with each kind of certificate, and each `sslmode` on it.

use std::path::Path;

use keelson_persistence_kit::{Database, DatabaseUrl, PoolOptions};
use secrecy::SecretString;

use crate::support::{Postgres, keelson, run, run_as_server};

/// Who may come how. `certified` needs a certificate of this name.
const RULES: &str = "hostssl all sealed 127.0.0.1/32 trust\n\
                     hostssl all guarded 127.0.0.1/32 scram-sha-256\n\
                     hostnossl all plain 127.0.0.1/32 trust\n\
                     hostssl all certified 127.0.0.1/32 cert\n\
                     host all keelson 127.0.0.1/32 trust\n";

const KEY: [&str; 5] = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
];

/// What a server proves itself with.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Signed by the authority, with alternative names.
    Modern,
    /// Signed by the authority, with a common name alone.
    CommonName,
    /// As that, and no longer in force.
    Expired,
    /// Signed by the authority, of X.509 version 1.
    Oldest,
    /// Of version 1, and no longer in force.
    OldestExpired,
    /// Signed by itself, as an authority.
    OwnAuthority,
    /// As that, and no longer in force.
    OwnAuthorityExpired,
}

fn authority(folder: &Path, name: &str, subject: &str) {
    let (key, file) = (format!("{name}.key"), format!("{name}.crt"));
    let mut arguments = vec!["req", "-x509", "-days", "2", "-subj", subject];
    arguments.extend(KEY);
    arguments.extend(["-keyout", &key, "-out", &file]);
    run_as_server("openssl", &arguments, folder);
}

/// A certificate that the authority signed; or it itself, where `others` say so.
fn signed(folder: &Path, name: &str, subject: &str, others: &[&str]) {
    let (key, file, request) = (
        format!("{name}.key"),
        format!("{name}.crt"),
        format!("{name}.csr"),
    );
    let mut arguments = vec!["req", "-new", "-subj", subject];
    arguments.extend(KEY);
    arguments.extend(["-keyout", &key, "-out", &request]);
    run_as_server("openssl", &arguments, folder);
    let mut arguments = vec!["x509", "-req", "-in", &request, "-out", &file];
    if !others.contains(&"-signkey") {
        arguments.extend(["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"]);
    }
    arguments.extend(others);
    run_as_server("openssl", &arguments, folder);
}

fn server(kind: Kind) -> Postgres {
    let server = Postgres::start_with(|folder| {
        authority(folder, "ca", "/CN=an authority");
        authority(folder, "other", "/CN=an authority");
        let file = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("a file");
        file("names", "subjectAltName=DNS:localhost\n");
        file("plain", "basicConstraints=CA:FALSE\n");
        file("authority", "basicConstraints=critical,CA:TRUE\n");
        signed(
            folder,
            "client",
            "/CN=certified",
            &["-days", "2", "-extfile", "plain"],
        );
        signed(folder, "oldest", "/CN=certified", &["-days", "2"]);
        let of_server = |subject: &str, others: &[&str]| signed(folder, "server", subject, others);
        match kind {
            Kind::Modern => of_server("/CN=other", &["-days", "2", "-extfile", "names"]),
            Kind::CommonName => of_server("/CN=localhost", &["-days", "2", "-extfile", "plain"]),
            Kind::Expired => of_server("/CN=localhost", &["-days", "-1", "-extfile", "plain"]),
            Kind::Oldest => of_server("/CN=localhost", &["-days", "2"]),
            Kind::OldestExpired => of_server("/CN=localhost", &["-days", "-1"]),
            Kind::OwnAuthority => authority(folder, "server", "/CN=localhost"),
            Kind::OwnAuthorityExpired => of_server(
                "/CN=localhost",
                &["-days", "-1", "-extfile", "authority", "-signkey", "server.key"],
            ),
        }
        std::fs::write(folder.join("data/pg_hba.conf"), RULES).expect("the rules");
        let file = |name: &str| folder.join(name).display().to_string();
        vec![
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", file("server.crt")),
            format!("ssl_key_file={}", file("server.key")),
            format!("ssl_ca_file={}", file("ca.crt")),
        ]
    });
    for role in ["sealed", "guarded", "plain", "certified"] {
        assert!(server.sql("keelson", &format!("CREATE ROLE {role} LOGIN SUPERUSER")));
    }
    server
}

/// Whether the connection is encrypted, or what is said when there is none.
async fn opened(server: &Postgres, user: &str, host: &str, options: &str) -> Result<bool, String> {
    // Folders stand for themselves: `{ca}` is the authority's file.
    let mut options = options.to_owned();
    for name in ["ca", "other", "server", "client", "oldest"] {
        let file = |ending: &str| {
            server
                .folder()
                .join(format!("{name}.{ending}"))
                .display()
                .to_string()
        };
        options = options.replace(&format!("{{{name}}}"), &file("crt"));
        options = options.replace(&format!("{{{name}.key}}"), &file("key"));
    }
    // The client's files belong to the server's user, as everything there.
    let url = format!("postgresql://{user}@{host}:{}/keelson?{options}", server.port());
    let url = DatabaseUrl::parse(&SecretString::from(url), None).map_err(|error| error.to_string())?;
    let database = Database::open(&url, &PoolOptions::default())
        .await
        .map_err(|error| error.to_string())?;
    let asks = |ssl: bool| {
        format!(
            "DO $$ BEGIN ASSERT (SELECT ssl = {ssl} FROM pg_stat_ssl WHERE pid = pg_backend_pid()); END $$"
        )
    };
    if database.run_script(&asks(true)).await.is_ok() {
        return Ok(true);
    }
    database.run_script(&asks(false)).await.expect("one of both");
    Ok(false)
}

/// Who, where, with which options, and what comes of it: whether it is encrypted, or words of the refusal.
type Case<'c> = (&'c str, &'c str, &'c str, Result<bool, &'c str>);

const ENCRYPTED: Result<bool, &str> = Ok(true);
const PLAIN: Result<bool, &str> = Ok(false);

async fn assert_all(server: &Postgres, cases: &[Case<'_>]) {
    for (user, host, options, wanted) in cases {
        let found = opened(server, user, host, options).await;
        match (wanted, &found) {
            (Ok(wanted), Ok(found)) => assert_eq!(found, wanted, "{user}@{host} {options}"),
            (Err(words), Err(error)) => assert!(error.contains(words), "{user}@{host} {options}: {error}"),
            _ => panic!("{user}@{host} {options}: {found:?} instead of {wanted:?}"),
        }
    }
}

/// What every mode does on a server with a modern certificate.
const MODES: &[Case<'_>] = &[
    ("keelson", "localhost", "", ENCRYPTED),
    ("keelson", "localhost", "sslmode=disable", PLAIN),
    (
        "keelson",
        "localhost",
        "sslmode=disable&sslrootcert=/nowhere",
        PLAIN,
    ),
    ("keelson", "localhost", "sslmode=allow", PLAIN),
    ("keelson", "localhost", "sslmode=prefer", ENCRYPTED),
    ("keelson", "localhost", "sslmode=require", ENCRYPTED),
    ("keelson", "127.0.0.1", "sslmode=require", ENCRYPTED),
    (
        "keelson",
        "127.0.0.1",
        "sslmode=require&ssl_min_protocol_version=TLSv1.3",
        ENCRYPTED,
    ),
    ("sealed", "localhost", "sslmode=disable", Err("no encryption")),
    ("sealed", "localhost", "sslmode=allow", ENCRYPTED),
    ("sealed", "localhost", "sslmode=prefer", ENCRYPTED),
    // What is said is what is wrong, not what a second try without TLS met.
    (
        "guarded:wrong",
        "localhost",
        "sslmode=prefer",
        Err("password authentication failed"),
    ),
    (
        "sealed",
        "localhost",
        "sslmode=prefer&sslrootcert={other}",
        Err("invalid peer certificate"),
    ),
    ("plain", "localhost", "sslmode=prefer", PLAIN),
    (
        "plain",
        "localhost",
        "sslmode=require",
        Err("no pg_hba.conf entry"),
    ),
    (
        "keelson",
        "localhost",
        "sslmode=require&sslrootcert={ca}",
        ENCRYPTED,
    ),
    (
        "keelson",
        "localhost",
        "sslmode=require&sslrootcert={other}",
        Err("invalid peer certificate"),
    ),
    (
        "keelson",
        "localhost",
        "sslmode=prefer&sslrootcert={other}",
        PLAIN,
    ),
    (
        "keelson",
        "localhost",
        "sslmode=verify-ca&sslrootcert={ca}",
        ENCRYPTED,
    ),
    (
        "keelson",
        "127.0.0.1",
        "sslmode=verify-ca&sslrootcert={ca}",
        ENCRYPTED,
    ),
    (
        "keelson",
        "localhost",
        "sslmode=verify-ca&sslrootcert={other}",
        Err("invalid peer certificate"),
    ),
    (
        "keelson",
        "localhost",
        "sslmode=verify-full&sslrootcert={ca}",
        ENCRYPTED,
    ),
    (
        "keelson",
        "127.0.0.1",
        "sslmode=verify-full&sslrootcert={ca}",
        Err("not valid for name"),
    ),
    (
        "keelson",
        "localhost",
        "sslmode=verify-full&sslrootcert={other}",
        Err("invalid peer certificate"),
    ),
    (
        "keelson",
        "localhost",
        "sslmode=verify-full",
        Err("sslrootcert=system"),
    ),
    (
        "keelson",
        "localhost",
        "sslmode=require&sslrootcert=/nowhere/ca.crt",
        Err("sslrootcert /nowhere/ca.crt"),
    ),
    (
        "keelson",
        "localhost",
        "sslmode=require&sslrootcert={ca.key}",
        Err("no certificate"),
    ),
    (
        "certified",
        "localhost",
        "sslmode=require",
        Err("valid client certificate"),
    ),
    (
        "certified",
        "localhost",
        "sslmode=verify-full&sslrootcert={ca}&sslcert={client}&sslkey={client.key}",
        ENCRYPTED,
    ),
    (
        "certified",
        "localhost",
        "sslmode=verify-full&sslrootcert={ca}&sslcert={oldest}&sslkey={oldest.key}",
        ENCRYPTED,
    ),
    // The key of another.
    (
        "certified",
        "localhost",
        "sslmode=require&sslcert={client}&sslkey={other.key}",
        Err("sslcert"),
    ),
    (
        "certified",
        "localhost",
        "sslmode=require&sslcert={client}&sslkey=/nowhere/key",
        Err("sslkey /nowhere/key"),
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_sslmode_does_what_it_says() {
    let server = server(Kind::Modern);
    assert_all(&server, MODES).await;
    // A hardly trusted one: nobody of the machine's authorities signed it.
    let system = opened(&server, "keelson", "localhost", "sslrootcert=system").await;
    assert!(system.is_err(), "{system:?}");
}

/// What each kind of certificate is good for: against the authority, against another one of the same name with another
/// key, and named by `sslrootcert` itself; by a name that it bears, and by one that it does not.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_authority_did_not_sign_is_good_only_as_itself() {
    const BAD: Result<bool, &str> = Err("invalid peer certificate");
    const EXPIRED: Result<bool, &str> = Err("xpired");
    const OTHER_NAME: Result<bool, &str> = Err("not valid for name");
    const OLDEST: Result<bool, &str> = Err("X.509 version 1");
    for (kind, by_authority, named_by_authority, as_itself, named_as_itself) in [
        (Kind::Modern, ENCRYPTED, OTHER_NAME, ENCRYPTED, OTHER_NAME),
        (Kind::CommonName, ENCRYPTED, OTHER_NAME, ENCRYPTED, OTHER_NAME),
        (Kind::Expired, EXPIRED, EXPIRED, EXPIRED, EXPIRED),
        (Kind::Oldest, OLDEST, OLDEST, ENCRYPTED, OTHER_NAME),
        (Kind::OldestExpired, OLDEST, OLDEST, EXPIRED, EXPIRED),
        (Kind::OwnAuthority, BAD, BAD, ENCRYPTED, OTHER_NAME),
        (Kind::OwnAuthorityExpired, BAD, BAD, EXPIRED, EXPIRED),
    ] {
        println!("{kind:?}");
        let against_other = if matches!(by_authority, OLDEST) {
            OLDEST
        } else {
            BAD
        };
        let server = server(kind);
        for (host, mode, roots, wanted) in [
            ("localhost", "require", "other", against_other),
            ("localhost", "verify-ca", "ca", by_authority),
            ("127.0.0.1", "verify-ca", "ca", by_authority),
            ("localhost", "verify-full", "ca", by_authority),
            ("127.0.0.1", "verify-full", "ca", named_by_authority),
            ("localhost", "verify-ca", "other", against_other),
            ("localhost", "verify-full", "other", against_other),
            ("127.0.0.1", "verify-ca", "server", as_itself),
            ("localhost", "verify-full", "server", as_itself),
            ("127.0.0.1", "verify-full", "server", named_as_itself),
            // A certificate of the authority is none of the server.
            ("localhost", "verify-full", "client", against_other),
        ] {
            let options = format!("sslmode={mode}&sslrootcert={{{roots}}}");
            assert_all(&server, &[("keelson", host, &options, wanted)]).await;
        }
        assert_all(&server, &[("keelson", "localhost", "sslmode=require", ENCRYPTED)]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls() {
    let server = Postgres::start();
    assert_all(
        &server,
        &[
            ("keelson", "localhost", "sslmode=allow", PLAIN),
            ("keelson", "localhost", "sslmode=prefer", PLAIN),
            (
                "keelson",
                "localhost",
                "sslmode=require",
                Err("server does not support TLS"),
            ),
        ],
    )
    .await;
}

#[test]
fn the_environment_asks_for_tls() {
    let server = server(Kind::Modern);
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("postgresql://sealed@127.0.0.1:{}/keelson", server.port());
    let root = server.folder().join("ca.crt").display().to_string();
    let with = |mode: &str| {
        let variables = [
            ("DATABASE_URL", url.as_str()),
            ("PGSSLMODE", mode),
            ("PGSSLROOTCERT", &root),
        ];
        let mut command = keelson(folder.path(), &variables);
        command.args(["config", "list", "ENABLE_SIGNUP"]);
        run(command)
    };
    with("verify-full").refused(&["not valid for name", "127.0.0.1"]);
    with("disable").refused(&["no encryption"]);
    let ended = with("verify-ca");
    assert_eq!(ended.code, Some(0), "{ended:?}");
}
