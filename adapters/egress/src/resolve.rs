//! Resolves hosts for users: once, and only to addresses that were checked.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::Guard;

/// A host has no address that users may reach.
#[derive(Debug, thiserror::Error)]
#[error("the host has no address that may be reached")]
pub(crate) struct Shut;

/// Gives the client only addresses that the guard lets through, so that a name that means another address a moment
/// later gains nothing.
pub(crate) struct Checked(pub(crate) Arc<Guard>);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let free = guard.names(&host);
            let open: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| free || guard.allows(address.ip()))
                .collect();
            if open.is_empty() {
                return Err(Shut.into());
            }
            let addresses: Addrs = Box::new(open.into_iter());
            Ok(addresses)
        })
    }
}

/// Whether an error, or what it came from, is [`Shut`].
pub(crate) fn is_shut(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<Shut>() {
            return true;
        }
        next = error.source();
    }
    false
}
