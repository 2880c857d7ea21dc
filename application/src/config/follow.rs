use std::time::Duration;

use futures_util::stream::Fuse;
use futures_util::{FutureExt, StreamExt};
use keelson_domain::config::SettingsChanges;
use keelson_domain::shared::StoreError;
use tokio_util::sync::CancellationToken;

use super::{ConfigError, Settings};

/// How long changes are collected: an admin's page saves many settings at once, and they are read together.
const DEBOUNCE: Duration = Duration::from_millis(10);

impl Settings {
    /// Puts in force what other instances change, until `stop`. Readers never wait for it.
    ///
    /// # Errors
    /// When the feed or the store fails; what is in force stays. Call it again: it begins by reading everything.
    pub async fn follow(&self, stop: &CancellationToken) -> Result<(), ConfigError> {
        let mut changes = self.feed.changes().await?.fuse();
        // For what was changed before the subscription.
        self.reload().await?;
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                change = changes.next() => match change {
                    Some(_) => self.reload_debounced(&mut changes).await?,
                    None => return Err(StoreError::unavailable("the feed of changes ended").into()),
                },
            }
        }
    }

    async fn reload_debounced(&self, changes: &mut Fuse<SettingsChanges>) -> Result<(), ConfigError> {
        tokio::time::sleep(DEBOUNCE).await;
        while let Some(Some(_)) = changes.next().now_or_never() {}
        self.reload().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use keelson_domain::config::table;
    use serde_json::json;
    use tokio::sync::{Mutex, mpsc};

    use super::*;
    use crate::config::Layers;
    use crate::config::doubles::{ChannelFeed, UncountedStore};

    #[tokio::test]
    async fn changes_that_were_written_without_a_new_version_are_put_in_force() {
        let (sender, receiver) = mpsc::unbounded_channel();
        let store = Arc::new(UncountedStore(Mutex::new(json!({}))));
        let feed = Arc::new(ChannelFeed(Mutex::new(Some(receiver))));
        let layers = Layers {
            persistent: true,
            ..Layers::default()
        };
        let settings = Settings::load(store.clone(), feed, layers).await.unwrap();
        let stop = CancellationToken::new();
        *store.0.lock().await = json!({"ui": {"enable_signup": false}});
        sender.send(Some("ENABLE_SIGNUP".to_owned())).unwrap();
        let seen = async {
            while settings.current().bool(&table::ENABLE_SIGNUP) {
                tokio::time::sleep(DEBOUNCE).await;
            }
            drop(sender);
        };
        let both = async { tokio::join!(settings.follow(&stop), seen).0 };
        let ended = tokio::time::timeout(Duration::from_secs(10), both).await.unwrap();
        assert!(ended.is_err(), "the end of the feed is an error");
        assert!(!stop.is_cancelled());
    }
}
