//! The lease of an instance: while it lives, so do its tasks and pages.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use futures_util::future::{try_join, try_join_all};
use keelson_domain::shared::{BoxError, InstanceId};

use crate::breaker::Breaker;
use crate::line::{Line, Restore};
use crate::names::Names;

/// How long an instance counts as alive after its last sign of life, in seconds.
const LIFE_SECONDS: i64 = 15;
/// How often it gives one.
const RENEWAL: Duration = Duration::from_secs(5);

/// See the module.
pub(crate) struct Lease {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    names: Names,
    instance: InstanceId,
}

impl Lease {
    /// Attach it before whatever depends on it.
    pub(crate) fn new(line: &Arc<Line>, names: &Names, instance: &InstanceId) -> Arc<Self> {
        let breaker = line.breaker("lease");
        let this = Arc::new(Self {
            line: line.clone(),
            breaker: breaker.clone(),
            names: names.clone(),
            instance: instance.clone(),
        });
        line.attach(breaker, this.clone(), names.instances());
        this
    }

    pub(crate) fn instance(&self) -> &InstanceId {
        &self.instance
    }

    pub(crate) async fn renew(&self, redis: &Client) -> Result<(), Error> {
        let id = self.instance.as_str();
        try_join(
            redis.set::<(), _, _>(
                self.names.instance(id),
                "1",
                Some(Expiration::EX(LIFE_SECONDS)),
                None,
                false,
            ),
            redis.sadd::<i64, _, _>(self.names.instances(), id),
        )
        .await?;
        Ok(())
    }

    /// Renews for ever.
    pub(crate) async fn keep(&self) -> Result<(), BoxError> {
        loop {
            tokio::time::sleep(RENEWAL).await;
            if self.line.is_retired() {
                return std::future::pending().await;
            }
            let redis = self.line.redis();
            let renewed = async {
                let lived: i64 = redis.exists(self.names.instance(self.instance.as_str())).await?;
                self.renew(redis).await?;
                Ok(lived == 1)
            };
            if self.breaker.attempt(renewed).await == Some(false) {
                // This process was paused for long, and others have tidied up after it.
                self.line.doubt();
            }
        }
    }

    /// Which of these instances have no lease.
    pub(crate) async fn dead(
        &self,
        redis: &Client,
        instances: HashSet<&InstanceId>,
    ) -> Result<HashSet<InstanceId>, Error> {
        let others: Vec<&InstanceId> = instances.into_iter().filter(|id| **id != self.instance).collect();
        let lives = others
            .iter()
            .map(|id| redis.exists::<i64, _>(self.names.instance(id.as_str())));
        let lives = try_join_all(lives).await?;
        let dead = others.into_iter().zip(lives).filter(|(_, lives)| *lives == 0);
        Ok(dead.map(|(id, _)| id.clone()).collect())
    }

    /// Every instance that ever had one here and was not tidied away.
    pub(crate) async fn all(&self, redis: &Client) -> Result<Vec<InstanceId>, Error> {
        let all: Vec<String> = redis.smembers(self.names.instances()).await?;
        Ok(all.into_iter().map(InstanceId::from).collect())
    }

    /// Strikes an instance off.
    pub(crate) async fn strike(&self, redis: &Client, instance: &str) -> Result<(), Error> {
        try_join(
            redis.del::<i64, _>(self.names.instance(instance)),
            redis.srem::<i64, _, _>(self.names.instances(), instance),
        )
        .await?;
        Ok(())
    }

    /// Gives it back.
    pub(crate) async fn close(&self) {
        self.breaker
            .attempt(self.strike(self.line.redis(), self.instance.as_str()))
            .await;
    }
}

#[async_trait]
impl Restore for Lease {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.renew(redis).await
    }
}
