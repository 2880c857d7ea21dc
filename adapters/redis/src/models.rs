//! The models that may be chosen: `{p}:models`, id to listing, replaced as a whole, as the reference writes and reads it.
//! What could not be written is written once Redis is back, and so is what a server that started empty has lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use keelson_domain::model::SharedModels;
use keelson_domain::shared::{StoreResult, json};

use crate::breaker::Breaker;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};

/// What this instance shared last.
#[derive(Default)]
struct Shared {
    models: Option<Arc<HashMap<String, String>>>,
    is_written: bool,
}

/// See the module.
pub(crate) struct RedisModels {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    key: String,
    shared: Mutex<Shared>,
}

impl RedisModels {
    pub(crate) fn new(monitor: &Arc<ConnectionMonitor>, keys: &Keys) -> Arc<Self> {
        let breaker = monitor.breaker("models");
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            key: keys.models(),
            shared: Mutex::default(),
        });
        monitor.register(breaker, this.clone(), keys.models());
        this
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the whole hash in one step.
    async fn write(&self, redis: &Client, models: &HashMap<String, String>) -> Result<(), Error> {
        let transaction = redis.multi();
        transaction.del::<(), _>(&self.key).await?;
        if !models.is_empty() {
            transaction.hset::<(), _, _>(&self.key, models.clone()).await?;
        }
        transaction.exec::<()>(true).await
    }

    fn mark_written(&self, written: &Arc<HashMap<String, String>>) {
        let mut shared = self.shared();
        let is_last = |models: &Arc<HashMap<String, String>>| Arc::ptr_eq(models, written);
        if shared.models.as_ref().is_some_and(is_last) {
            shared.is_written = true;
        }
    }
}

#[async_trait]
impl Restore for RedisModels {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        let (models, is_written) = {
            let shared = self.shared();
            (shared.models.clone(), shared.is_written)
        };
        let Some(models) = models else {
            return Ok(());
        };
        // What others wrote in the meantime is newer.
        let exists: i64 = redis.exists(&self.key).await?;
        if !is_written || exists == 0 {
            self.write(redis, &models).await?;
            self.mark_written(&models);
        }
        Ok(())
    }

    fn has_pending(&self) -> bool {
        let shared = self.shared();
        shared.models.is_some() && !shared.is_written
    }
}

#[async_trait]
impl SharedModels for RedisModels {
    async fn replace(&self, models: &[(String, serde_json::Value)]) -> StoreResult<()> {
        let texts = models
            .iter()
            .map(|(id, listing)| (id.clone(), listing.to_string()));
        let models: Arc<HashMap<String, String>> = Arc::new(texts.collect());
        *self.shared() = Shared {
            models: Some(models.clone()),
            is_written: false,
        };
        let written = self
            .breaker
            .attempt(self.write(self.monitor.redis(), &models))
            .await;
        if written.is_some() {
            self.mark_written(&models);
        }
        Ok(())
    }

    async fn all(&self) -> StoreResult<Vec<serde_json::Value>> {
        let redis = self.monitor.redis();
        let read = self
            .breaker
            .attempt(redis.hgetall::<HashMap<String, String>, _>(&self.key));
        let texts = read.await.unwrap_or_default();
        let listings = texts.into_iter().filter_map(|(id, text)| {
            let listing = json::read(text.as_bytes());
            listing
                .inspect_err(|error| tracing::warn!(id, %error, "a shared model cannot be read"))
                .ok()
        });
        Ok(listings.collect())
    }
}
