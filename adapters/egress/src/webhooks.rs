//! Posts webhook notifications.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::config::deployment;
use keelson_domain::shared::BoxError;
use keelson_domain::webhook::{Destination, Trust, WebhookError, Webhooks};
use reqwest::{Client, redirect};
use secrecy::ExposeSecret;
use serde_json::Value;
use url::{Host, Url};

use crate::policy::AddressPolicy;
use crate::resolve::{CheckedResolver, is_forbidden};

/// How long a notification may take in all.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Requests URLs of users within the operator's policy, and URLs of the operator without one.
pub struct Egress {
    policy: Arc<AddressPolicy>,
    user_client: Client,
    operator_client: Client,
}

impl Egress {
    /// With the operator's policy.
    ///
    /// # Errors
    /// When an entry of the policy is not valid or the HTTP clients cannot be created.
    pub fn new(options: &deployment::Egress) -> Result<Self, BoxError> {
        let policy = Arc::new(AddressPolicy::new(options)?);
        // No proxy for users' requests: it would resolve the host again itself.
        let user_client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(CheckedResolver(policy.clone())))
            .build()?;
        let operator_client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self {
            policy,
            user_client,
            operator_client,
        })
    }

    /// The client for URLs of the operator.
    pub(crate) fn operator_client(&self) -> &Client {
        &self.operator_client
    }

    /// Whether a user's URL may be requested. Host names are checked when they are resolved; a literal address is never
    /// resolved, so it is checked here.
    fn check(&self, url: &Url) -> Result<(), WebhookError> {
        let is_allowed = match url.host() {
            Some(Host::Domain(_)) => true,
            Some(Host::Ipv4(address)) => self.policy.allows(address.into()),
            Some(Host::Ipv6(address)) => self.policy.allows(address.into()),
            None => return Err(WebhookError::InvalidUrl),
        };
        if is_allowed {
            Ok(())
        } else {
            Err(WebhookError::Forbidden)
        }
    }
}

#[async_trait]
impl Webhooks for Egress {
    async fn post(&self, to: &Destination, document: &Value) -> Result<(), WebhookError> {
        let url = Url::parse(to.url.expose_secret().trim()).map_err(|_| WebhookError::InvalidUrl)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(WebhookError::InvalidUrl);
        }
        let client = match to.trust {
            Trust::Operator => &self.operator_client,
            Trust::User => {
                self.check(&url)?;
                &self.user_client
            }
        };
        let response = client
            .post(url)
            .json(document)
            .send()
            .await
            .map_err(to_webhook_error)?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(WebhookError::Refused(status.as_u16())),
        }
    }
}

fn to_webhook_error(error: reqwest::Error) -> WebhookError {
    // The URL is a secret.
    let error = error.without_url();
    if error.is_timeout() {
        WebhookError::TimedOut
    } else if is_forbidden(&error) {
        WebhookError::Forbidden
    } else {
        WebhookError::Unreachable(error.into())
    }
}
