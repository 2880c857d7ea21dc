use std::time::Duration;

use futures_util::stream::Fuse;
use futures_util::{FutureExt, StreamExt};
use keelson_domain::config::SettingsChanges;
use keelson_domain::shared::StoreError;
use tokio_util::sync::CancellationToken;

use super::{ConfigError, Settings};

/// How long news is gathered: an admin's page saves many settings at once, and they are read together.
const GATHERING: Duration = Duration::from_millis(10);

impl Settings {
    /// Puts in force what other instances change, until `stop`. Readers never wait for it.
    ///
    /// # Errors
    /// When the feed or the store fails; what is in force stays. Call it again: it begins by reading everything.
    pub async fn follow(&self, stop: &CancellationToken) -> Result<(), ConfigError> {
        let mut news = self.feed.changes().await?.fuse();
        // What was changed before the feed was heard.
        self.reload().await?;
        loop {
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                change = news.next() => match change {
                    Some(_) => self.take_up(&mut news).await?,
                    None => return Err(StoreError::unavailable("the feed of changes ended").into()),
                },
            }
        }
    }

    async fn take_up(&self, news: &mut Fuse<SettingsChanges>) -> Result<(), ConfigError> {
        tokio::time::sleep(GATHERING).await;
        while let Some(Some(_)) = news.next().now_or_never() {}
        self.reload().await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use async_trait::async_trait;
    use keelson_domain::config::{
        SettingsChange, SettingsFeed, SettingsStore, StoredSettings, apply_changes, table,
    };
    use keelson_domain::shared::StoreResult;
    use serde_json::{Value, json};
    use tokio::sync::{Mutex, mpsc};

    use super::*;
    use crate::config::Layers;

    /// A tree that somebody else writes without counting versions, as the reference does.
    #[derive(Default)]
    struct Elsewhere(Mutex<Value>);

    #[async_trait]
    impl SettingsStore for Elsewhere {
        async fn load(&self) -> StoreResult<StoredSettings> {
            let tree = self.0.lock().await.clone();
            Ok(StoredSettings { version: 0, tree })
        }
        async fn version(&self) -> StoreResult<i64> {
            Ok(0)
        }
        async fn change(&self, changes: &[SettingsChange]) -> StoreResult<StoredSettings> {
            let mut tree = self.0.lock().await;
            *tree = apply_changes(tree.take(), changes);
            Ok(StoredSettings {
                version: 0,
                tree: tree.clone(),
            })
        }
        async fn clear(&self) -> StoreResult<()> {
            *self.0.lock().await = json!({});
            Ok(())
        }
    }

    struct Line(Mutex<Option<mpsc::UnboundedReceiver<Option<String>>>>);

    #[async_trait]
    impl SettingsFeed for Line {
        async fn publish(&self, _changed: &[(&'static str, Value)]) -> StoreResult<()> {
            Ok(())
        }
        async fn changes(&self) -> StoreResult<SettingsChanges> {
            let line = self.0.lock().await.take();
            Ok(match line {
                Some(line) => Box::pin(futures_util::stream::unfold(line, |mut line| async move {
                    let change = line.recv().await?;
                    Some((change, line))
                })),
                None => Box::pin(futures_util::stream::empty()),
            })
        }
    }

    #[tokio::test]
    async fn what_others_write_without_counting_is_put_in_force() {
        let (tell, line) = mpsc::unbounded_channel();
        let store = Arc::new(Elsewhere(Mutex::new(json!({}))));
        let feed = Arc::new(Line(Mutex::new(Some(line))));
        let layers = Layers {
            persistent: true,
            ..Layers::default()
        };
        let settings = Settings::load(store.clone(), feed, layers).await.unwrap();
        let stop = CancellationToken::new();
        *store.0.lock().await = json!({"ui": {"enable_signup": false}});
        tell.send(Some("ENABLE_SIGNUP".to_owned())).unwrap();
        let seen = async {
            while settings.current().bool(&table::ENABLE_SIGNUP) {
                tokio::time::sleep(GATHERING).await;
            }
            drop(tell);
        };
        let both = async { tokio::join!(settings.follow(&stop), seen).0 };
        let ended = tokio::time::timeout(Duration::from_secs(10), both).await.unwrap();
        assert!(ended.is_err(), "a lost feed is no quiet end");
        assert!(!stop.is_cancelled());
    }
}
