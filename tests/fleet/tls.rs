//! TLS, users and databases.

use std::path::Path;
use std::process::Command;

use keelson_redis::RedisOptions;

use super::propagation::Subscriptions;
use crate::support::{Instance, RedisServer, address, eventually};

/// Creates a self-signed certificate for this machine.
fn create_certificate(folder: &Path) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ])
        .args([
            "-keyout",
            "key.pem",
            "-out",
            "cert.pem",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args(["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .current_dir(folder)
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_user_password_and_database_are_used() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    drop(listener);
    let server = RedisServer::with(|folder| {
        create_certificate(folder);
        let file = |name: &str| folder.join(name).display().to_string();
        [
            ("--port", "0".to_owned()),
            ("--tls-port", port),
            ("--tls-cert-file", file("cert.pem")),
            ("--tls-key-file", file("key.pem")),
            ("--tls-ca-cert-file", file("cert.pem")),
            ("--tls-auth-clients", "no".to_owned()),
        ]
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value])
        .collect()
    });
    server.command(&["ACL", "SETUSER", "ann", "on", ">p@ss:w/rd", "~*", "&*", "+@all"]);
    let url = |password: &str| {
        let ca = server.folder().join("cert.pem");
        format!(
            "rediss://ann:{password}@127.0.0.1:{}/3?ssl_ca_certs={}",
            server.port(),
            ca.display()
        )
    };
    let options = RedisOptions::at(address(&url("p%40ss%3Aw%2Frd"), false, ""));
    let (here, there) = (
        Instance::with(&options, "here").await,
        Instance::with(&options, "there").await,
    );
    eventually("both are connected", || async { here.is_up() && there.is_up() }).await;
    Subscriptions::open(&there)
        .await
        .assert_propagation(&here, &there, "mark")
        .await;
    assert_eq!(
        server.command(&["-n", "3", "EXISTS", "open-webui:config:WEBUI_NAME"]),
        "1"
    );

    let wrong = RedisOptions::at(address(&url("other"), false, ""));
    let refused = Instance::with(&wrong, "refused").await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(!refused.is_up());
    refused.revocations.revoke("mark", None).await.unwrap();

    let mut without_ca = options.clone();
    without_ca.address.ca_file = None;
    let refused = Instance::with(&without_ca, "refused").await;
    assert!(!refused.is_up(), "the certificate is not trusted");
}
