//! Changed settings. `{p}:config:{state_key}` holds the value, as the reference reads it; tracking notifies the other
//! instances, whoever wrote it. What could not be written is kept and written once Redis is back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use fred::types::client::Invalidation;
use futures_util::StreamExt;
use futures_util::future::try_join_all;
use keelson_domain::config::{SettingsChanges, SettingsFeed};
use keelson_domain::shared::{BoxError, StoreResult};
use serde_json::Value;
use tokio::sync::broadcast::{self, Receiver};
use tokio_stream::wrappers::BroadcastStream;

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};
use crate::tracking::{self, Changed};

/// How many changes a slow listener may lag behind; after more it is told to read everything again.
const BACKLOG: usize = 1024;

/// See the module.
pub(crate) struct RedisFeed {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    keys: Keys,
    unsent: Mutex<HashMap<&'static str, String>>,
    changes: tokio::sync::Mutex<Receiver<Invalidation>>,
    notifications: broadcast::Sender<Option<String>>,
}

impl RedisFeed {
    pub(crate) fn new(monitor: &Arc<ConnectionMonitor>, keys: &Keys) -> Arc<Self> {
        let breaker = monitor.breaker("settings");
        let changes = monitor.track(keys.config());
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            unsent: Mutex::default(),
            changes: tokio::sync::Mutex::new(changes),
            notifications: broadcast::channel(BACKLOG).0,
        });
        monitor.register(breaker, this.clone(), keys.key("config:probe"));
        this
    }

    /// Follows what others change, for ever.
    pub(crate) async fn follow(&self) -> Result<(), BoxError> {
        let mut changes = self.changes.lock().await;
        let prefix = self.keys.config();
        while let Some(change) = tracking::next(&mut changes, &prefix).await {
            match change {
                Changed::Keys(keys) => keys.into_iter().for_each(|key| self.notify(Some(key))),
                Changed::All => self.notify(None),
            }
        }
        self.monitor
            .fail_closed_channel("the channel of changed settings keys was closed")
            .await
    }

    fn notify(&self, change: Option<String>) {
        // Fails without listeners, which is no error.
        let _ = self.notifications.send(change);
    }

    async fn write(&self, redis: &Client, values: &[(&'static str, String)]) -> Result<(), Error> {
        try_join_all(values.iter().map(|(key, value)| {
            let name = format!("{}{key}", self.keys.config());
            redis.set::<(), _, _>(name, value.as_str(), None, None, false)
        }))
        .await?;
        Ok(())
    }
}

#[async_trait]
impl Restore for RedisFeed {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        let unsent: Vec<_> = {
            let unsent = self.unsent.lock().unwrap_or_else(PoisonError::into_inner);
            unsent.iter().map(|(key, value)| (*key, value.clone())).collect()
        };
        self.write(redis, &unsent).await?;
        let mut left = self.unsent.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, value) in &unsent {
            if left.get(key) == Some(value) {
                left.remove(key);
            }
        }
        drop(left);
        self.notify(None);
        Ok(())
    }

    fn has_pending(&self) -> bool {
        !self
            .unsent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }
}

#[async_trait]
impl SettingsFeed for RedisFeed {
    async fn publish(&self, changed: &[(&'static str, Value)]) -> StoreResult<()> {
        let values: Vec<_> = changed
            .iter()
            .map(|(key, value)| (*key, value.to_string()))
            .collect();
        {
            // Before the attempt, so that a later value is never overtaken by an earlier one.
            let mut unsent = self.unsent.lock().unwrap_or_else(PoisonError::into_inner);
            unsent.extend(values.iter().cloned());
        }
        if self
            .breaker
            .attempt(self.write(self.monitor.redis(), &values))
            .await
            .is_some()
        {
            let mut unsent = self.unsent.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, value) in &values {
                if unsent.get(key) == Some(value) {
                    unsent.remove(key);
                }
            }
        }
        Ok(())
    }

    async fn changes(&self) -> StoreResult<SettingsChanges> {
        Ok(BroadcastStream::new(self.notifications.subscribe())
            .map(|change| change.unwrap_or(None))
            .boxed())
    }
}
