use keelson_domain::config::deployment;
use keelson_domain::system::{FetchError, OperatorDocuments};
use keelson_egress::Egress;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::support::DocumentServer;

#[tokio::test]
async fn egress() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = DocumentServer::start().await;
    let documents = Egress::new(&deployment::Egress::default()).unwrap();
    let fetched = documents.fetch(&server.url("/document")).await.unwrap();
    assert_eq!(Value::Object(fetched), json!({"name": "é", "icons": [1]}));
    for bad in ["", "no address", "ftp://example.test/", "file:///etc/passwd"] {
        let refused = documents.fetch(bad).await;
        assert!(
            matches!(refused, Err(FetchError::InvalidUrl)),
            "{bad}: {refused:?}"
        );
    }
    for (path, words) in [
        ("/missing", "status 404"),
        ("/redirect", "status 307"),
        ("/list", "no JSON object"),
        ("/text", "no JSON object"),
        ("/long", "longer than 1048576 bytes"),
    ] {
        let error = documents.fetch(&server.url(path)).await.unwrap_err().to_string();
        assert!(error.contains(words), "{path}: {error}");
    }
    // Nobody listens on the discard port.
    let unreachable = documents.fetch("http://u:hidden@127.0.0.1:9/m?hidden").await;
    let Err(FetchError::Unreachable(source)) = unreachable else {
        panic!("{unreachable:?}");
    };
    assert!(!format!("{source:?} {source}").contains("hidden"), "{source:?}");
    drop(server);
}
