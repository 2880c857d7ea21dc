//! Whether two instances hear everything of each other; asked again after each fault.

use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::config::SettingsChanges;
use keelson_domain::realtime::Dispatches;
use keelson_domain::task::StopCommands;
use serde_json::json;

use crate::contract::fanout::emit;
use crate::support::{Instance, eventually};

/// The streams of one instance, opened once and never again.
pub(super) struct Ears {
    changes: SettingsChanges,
    stops: StopCommands,
    dispatches: Dispatches,
}

impl Ears {
    pub(super) async fn of(instance: &Instance) -> Self {
        Self {
            changes: instance.feed.changes().await.unwrap(),
            stops: instance.signals.stops().await.unwrap(),
            dispatches: instance.fanout.receive().await.unwrap(),
        }
    }

    /// Tells everything `here`, and waits until it is heard `there`, whose ears these are. `mark` is fresh each time.
    pub(super) async fn hear(&mut self, here: &Instance, there: &Instance, mark: &str) {
        here.revocations.revoke(mark, None).await.unwrap();
        eventually("the revocation is known", || async {
            there.revocations.is_revoked(mark).await.unwrap()
        })
        .await;

        here.feed.publish(&[("WEBUI_NAME", json!(mark))]).await.unwrap();
        within_seconds("a changed setting", &mut self.changes, |change| {
            change.as_deref() == Some("WEBUI_NAME")
        })
        .await;

        here.signals.stop(&mark.into()).await.unwrap();
        within_seconds("a stop command", &mut self.stops, |id| id.as_str() == mark).await;

        here.fanout.send(emit(Some(mark), "1", &[], None));
        within_seconds("an event", &mut self.dispatches, |dispatch| {
            format!("{dispatch:?}").contains(mark)
        })
        .await;
    }
}

async fn within_seconds<T>(
    what: &str,
    stream: &mut (impl futures_util::Stream<Item = T> + Unpin),
    is_it: impl Fn(&T) -> bool,
) {
    let heard = tokio::time::timeout(Duration::from_secs(5), async {
        while let Some(item) = stream.next().await {
            if is_it(&item) {
                return true;
            }
        }
        false
    });
    assert_eq!(heard.await, Ok(true), "{what} was not heard");
}
