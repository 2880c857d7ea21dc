//! Resolves hosts for users: once, and only to allowed addresses.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::policy::AddressPolicy;

/// A host has no address that users may reach.
#[derive(Debug, thiserror::Error)]
#[error("the host has no allowed address")]
pub(crate) struct AddressForbidden;

/// Returns only allowed addresses to the HTTP client, which connects to exactly these: a name that resolves to another
/// address a moment later (DNS rebinding) gains nothing.
pub(crate) struct CheckedResolver(pub(crate) Arc<AddressPolicy>);

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let policy = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let is_host_allowed = policy.allows_host(&host);
            let allowed: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| is_host_allowed || policy.allows(address.ip()))
                .collect();
            if allowed.is_empty() {
                return Err(AddressForbidden.into());
            }
            let addresses: Addrs = Box::new(allowed.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an error or one of its sources is [`AddressForbidden`].
pub(crate) fn is_forbidden(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<AddressForbidden>() {
            return true;
        }
        next = error.source();
    }
    false
}
