//! What dead instances left behind: their pages and tasks, and usage that is over. One instance at a time does it.
//!
//! Usage is tidied under the reference's own lock, so that the two do it in turns; what only Keelson knows of
//! is tidied under a lock of ours, because the reference keeps its lock as long as it runs.

use std::sync::Arc;
use std::time::Duration;

use fred::error::Error;
use fred::prelude::*;
use futures_util::future::try_join_all;
use keelson_domain::shared::{BoxError, Clock, InstanceId};

use crate::breaker::Breaker;
use crate::lease::Lease;
use crate::line::{Line, Restore};
use crate::names::Names;
use crate::presence::News;
use crate::tasks::RedisTasks;
use crate::{locks, usage};

/// How often.
const EVERY: Duration = Duration::from_secs(3);
/// How long our lock lasts.
const LOCK_LIFE: Duration = Duration::from_secs(15);

/// See the module.
pub(crate) struct Cleanup {
    pub(crate) line: Arc<Line>,
    pub(crate) lease: Arc<Lease>,
    pub(crate) breaker: Arc<Breaker>,
    pub(crate) names: Names,
    pub(crate) clock: Arc<dyn Clock>,
    /// The tasks, if this line holds them.
    pub(crate) tasks: Option<Arc<RedisTasks>>,
    /// The life of the lock on the usage pool, if this line holds that.
    pub(crate) usage_lock_life: Option<Duration>,
}

impl Restore for Cleanup {}

impl Cleanup {
    /// Tidies for ever.
    pub(crate) async fn run(&self) -> Result<(), BoxError> {
        loop {
            tokio::time::sleep(EVERY).await;
            self.breaker.attempt(self.tidy()).await;
        }
    }

    async fn tidy(&self) -> Result<(), Error> {
        let redis = self.line.redis();
        let me = self.lease.instance().as_str();
        if let Some(life) = self.usage_lock_life
            && locks::acquire(redis, self.usage_lock(), me, life).await?
        {
            usage::tidy(redis, self.names.usage_pool(), self.clock.now().seconds()).await?;
        }
        if !locks::acquire(redis, self.names.name("keelson:cleanup_lock"), me, LOCK_LIFE).await? {
            return Ok(());
        }
        let all = self.lease.all(redis).await?;
        for dead in self.lease.dead(redis, all.iter().collect()).await? {
            self.bury(redis, &dead).await?;
        }
        Ok(())
    }

    fn usage_lock(&self) -> String {
        self.names.name("usage_cleanup_lock")
    }

    async fn bury(&self, redis: &Client, dead: &InstanceId) -> Result<(), Error> {
        let id = dead.as_str();
        let pages: Vec<String> = redis.smembers(self.names.pages_of(id)).await?;
        for pages in pages.chunks(256) {
            redis
                .hdel::<(), _, _>(self.names.session_pool(), pages.to_vec())
                .await?;
            try_join_all(pages.iter().map(|page| {
                let news = News {
                    instance: id.to_owned(),
                    page: page.as_str().into(),
                    user: None,
                };
                let news = serde_json::to_string(&news).unwrap_or_default();
                redis.publish::<i64, _, _>(self.names.pages(), news)
            }))
            .await?;
        }
        redis.del::<(), _>(self.names.pages_of(id)).await?;
        if let Some(tasks) = &self.tasks {
            tasks.erase_instance(redis, id).await?;
        }
        self.lease.strike(redis, id).await?;
        tracing::info!(
            instance = id,
            pages = pages.len(),
            "tidied up after an instance that is gone"
        );
        Ok(())
    }

    /// Gives the locks back.
    pub(crate) async fn close(&self) {
        let redis = self.line.redis();
        let me = self.lease.instance().as_str();
        let ours = locks::release(redis, self.names.name("keelson:cleanup_lock"), me);
        self.breaker.attempt(ours).await;
        if self.usage_lock_life.is_some() {
            let usage = locks::release(redis, self.usage_lock(), me);
            self.breaker.attempt(usage).await;
        }
    }
}
