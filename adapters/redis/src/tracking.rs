//! RESP3 client tracking by prefix (BCAST): the server sends the name of every key that changes, whoever changed it.

use fred::error::{Error, ErrorKind};
use fred::interfaces::ClientInterface;
use fred::prelude::*;
use fred::types::client::{Invalidation, Toggle};
use futures_util::future::try_join_all;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

/// The servers that hold keys, each of which reports its own keys only; none stands for the only server.
fn nodes(client: &Client, clustered: bool) -> Result<Vec<Option<Server>>, Error> {
    if !clustered {
        return Ok(vec![None]);
    }
    let state = client
        .cached_cluster_state()
        .ok_or_else(|| Error::new(ErrorKind::Cluster, "the cluster is not known yet"))?;
    Ok(state.unique_primary_nodes().into_iter().map(Some).collect())
}

fn options(node: Option<Server>) -> Options {
    Options {
        cluster_node: node,
        ..Options::default()
    }
}

/// Starts tracking on every server, whatever the connections did before.
pub(crate) async fn start(client: &Client, clustered: bool, prefixes: &[String]) -> Result<(), Error> {
    if prefixes.is_empty() {
        return Ok(());
    }
    try_join_all(nodes(client, clustered)?.into_iter().map(|node| async move {
        let node = client.with_options(&options(node));
        // A second ON with the same prefixes is refused as an overlap.
        let none: Vec<String> = Vec::new();
        let _: () = node
            .client_tracking(Toggle::Off, None, none, false, false, false, false)
            .await?;
        node.client_tracking::<(), _, _>(Toggle::On, None, prefixes.to_vec(), true, false, false, false)
            .await
    }))
    .await?;
    Ok(())
}

/// Whether every server still answers, and tracks if it should.
pub(crate) async fn check(client: &Client, clustered: bool, tracked: bool) -> Result<(), Error> {
    try_join_all(nodes(client, clustered)?.into_iter().map(|node| async move {
        let node = client.with_options(&options(node));
        let info: Value = node.client_trackinginfo().await?;
        if tracked && !is_tracking(info) {
            return Err(Error::new(ErrorKind::Unknown, "client tracking is off"));
        }
        Ok(())
    }))
    .await?;
    Ok(())
}

fn is_tracking(info: Value) -> bool {
    let Value::Map(info) = info else {
        return false;
    };
    match info.inner().get(&Key::from_static_str("flags")) {
        Some(Value::Array(flags)) => flags.iter().any(|flag| flag.as_str().as_deref() == Some("bcast")),
        _ => false,
    }
}

/// A change of tracked keys.
pub(crate) enum Changed {
    /// The keys that changed, without the prefix; at least one.
    Keys(Vec<String>),
    /// Anything may have changed.
    All,
}

/// The next change of keys that start with `prefix`; none when the channel is closed.
pub(crate) async fn next(changes: &mut Receiver<Invalidation>, prefix: &str) -> Option<Changed> {
    loop {
        match changes.recv().await {
            // The whole database was emptied.
            Ok(change) if change.keys.is_empty() => return Some(Changed::All),
            Ok(change) => {
                let keys: Vec<String> = change
                    .keys
                    .iter()
                    .filter_map(|key| key.as_str()?.strip_prefix(prefix).map(str::to_owned))
                    .collect();
                if !keys.is_empty() {
                    return Some(Changed::Keys(keys));
                }
            }
            Err(RecvError::Lagged(_)) => return Some(Changed::All),
            Err(RecvError::Closed) => return None,
        }
    }
}
