use keelson_domain::config::deployment;
use keelson_domain::webhook::{Destination, Trust, WebhookError, Webhooks};
use keelson_egress::Egress;
use keelson_memory::webhook::WebhookRecorder;
use pretty_assertions::assert_eq;
use secrecy::SecretString;
use serde_json::json;

use crate::support::WebhookReceiver;

fn to(url: &str, trust: Trust) -> Destination {
    Destination {
        url: SecretString::from(url),
        trust,
    }
}

/// What everything that posts notices must do; `url` is an address that takes them.
async fn suite(webhooks: &dyn Webhooks, url: &str) {
    webhooks
        .post(&to(url, Trust::Operator), &json!({"a": ["é", null]}))
        .await
        .unwrap();
    for bad in ["", "no address", "ftp://example.test/", "file:///etc/passwd"] {
        let refused = webhooks.post(&to(bad, Trust::Operator), &json!({})).await;
        assert!(
            matches!(refused, Err(WebhookError::InvalidUrl)),
            "{bad}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn memory() {
    let webhooks = WebhookRecorder::default();
    suite(&webhooks, "http://example.test/").await;
    let posted: Vec<_> = webhooks
        .take()
        .into_iter()
        .map(|notice| notice.document)
        .collect();
    assert_eq!(posted, [json!({"a": ["é", null]})]);
}

#[tokio::test]
async fn egress() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let receiver = WebhookReceiver::start().await;
    let webhooks = Egress::new(&deployment::Egress::default()).unwrap();
    suite(&webhooks, &receiver.url("/hook")).await;
    assert_eq!(
        receiver.next_request().await,
        Some(("/hook".to_owned(), json!({"a": ["é", null]})))
    );
    let redirected = webhooks
        .post(&to(&receiver.url("/redirect"), Trust::Operator), &json!({}))
        .await;
    assert!(
        matches!(redirected, Err(WebhookError::Refused(307))),
        "{redirected:?}"
    );
    let refused = webhooks
        .post(&to(&receiver.url("/hook"), Trust::User), &json!({}))
        .await;
    assert!(matches!(refused, Err(WebhookError::Forbidden)), "{refused:?}");
    drop(receiver);
}
