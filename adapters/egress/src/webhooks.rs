//! Posts notices.

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

use crate::guard::Guard;
use crate::resolve::{Checked, is_shut};

/// How long a notice may take in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Reaches what users name, within the operator's rules, and what operators name, without any.
pub struct Egress {
    guard: Arc<Guard>,
    users: Client,
    operators: Client,
}

impl Egress {
    /// With the operator's rules.
    ///
    /// # Errors
    /// When a rule cannot be read or the HTTP clients cannot be made.
    pub fn new(options: &deployment::Egress) -> Result<Self, BoxError> {
        let guard = Arc::new(Guard::new(options)?);
        // Users' requests pass by no proxy: it would resolve the host anew, and itself.
        let users = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Checked(guard.clone())))
            .build()?;
        let operators = Client::builder()
            .timeout(PATIENCE)
            .redirect(redirect::Policy::none())
            .build()?;
        Ok(Self {
            guard,
            users,
            operators,
        })
    }

    /// Whether a user's address may be tried. Names are looked at again when they are resolved; an address that stands
    /// in the URL is never resolved.
    fn check(&self, url: &Url) -> Result<(), WebhookError> {
        let open = match url.host() {
            Some(Host::Domain(_)) => true,
            Some(Host::Ipv4(address)) => self.guard.allows(address.into()),
            Some(Host::Ipv6(address)) => self.guard.allows(address.into()),
            None => return Err(WebhookError::BadAddress),
        };
        if open {
            Ok(())
        } else {
            Err(WebhookError::Forbidden)
        }
    }
}

#[async_trait]
impl Webhooks for Egress {
    async fn post(&self, to: &Destination, document: &Value) -> Result<(), WebhookError> {
        let url = Url::parse(to.url.expose_secret().trim()).map_err(|_| WebhookError::BadAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(WebhookError::BadAddress);
        }
        let client = match to.trust {
            Trust::Operator => &self.operators,
            Trust::User => {
                self.check(&url)?;
                &self.users
            }
        };
        let response = client.post(url).json(document).send().await.map_err(failed)?;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(WebhookError::Refused(status.as_u16())),
        }
    }
}

fn failed(error: reqwest::Error) -> WebhookError {
    // The address is a secret.
    let error = error.without_url();
    if error.is_timeout() {
        WebhookError::TimedOut
    } else if is_shut(&error) {
        WebhookError::Forbidden
    } else {
        WebhookError::Unreachable(error.into())
    }
}
