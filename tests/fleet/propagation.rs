//! Whether everything that one instance changes reaches another; asserted again after each fault.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use keelson_domain::config::SettingsChanges;
use keelson_domain::realtime::Dispatches;
use keelson_domain::task::StopCommands;
use serde_json::json;

use crate::contract::fanout::emit;
use crate::support::{Instance, eventually};

/// The streams of one instance, opened once and never again.
pub(super) struct Subscriptions {
    changes: SettingsChanges,
    stops: StopCommands,
    dispatches: Dispatches,
}

impl Subscriptions {
    pub(super) async fn open(instance: &Instance) -> Self {
        Self {
            changes: instance.feed.changes().await.unwrap(),
            stops: instance.signals.stops().await.unwrap(),
            dispatches: instance.fanout.receive().await.unwrap(),
        }
    }

    /// Changes everything `here`, and waits until it arrives `there`, whose subscriptions these are. `mark` is new each
    /// time.
    pub(super) async fn assert_propagation(&mut self, here: &Instance, there: &Instance, mark: &str) {
        here.revocations.revoke(mark, None).await.unwrap();
        eventually("the revocation is known", || async {
            there.revocations.is_revoked(mark).await.unwrap()
        })
        .await;

        // What came before is of earlier changes.
        while self.changes.next().now_or_never().flatten().is_some() {}
        here.feed.publish(&[("WEBUI_NAME", json!(mark))]).await.unwrap();
        // No name means that everything may have changed: the connection was lost in between, and all is read again.
        receive("a changed setting", &mut self.changes, |change| {
            change.as_deref().is_none_or(|name| name == "WEBUI_NAME")
        })
        .await;

        here.signals.stop(&mark.into()).await.unwrap();
        receive("a stop command", &mut self.stops, |id| id.as_str() == mark).await;

        here.fanout.send(emit(Some(mark), "1", &[], None));
        receive("an event", &mut self.dispatches, |dispatch| {
            format!("{dispatch:?}").contains(mark)
        })
        .await;
    }
}

/// Waits for an item of a stream, at most 5 s.
async fn receive<T>(
    what: &str,
    stream: &mut (impl futures_util::Stream<Item = T> + Unpin),
    is_expected: impl Fn(&T) -> bool,
) {
    let received = tokio::time::timeout(Duration::from_secs(5), async {
        while let Some(item) = stream.next().await {
            if is_expected(&item) {
                return true;
            }
        }
        false
    });
    assert_eq!(received.await, Ok(true), "{what} did not arrive");
}
