use std::sync::Arc;

use keelson_application::auth::LoggedRevocations;
use keelson_domain::auth::{RateLimiter, TokenRevocations};
use keelson_domain::config::SettingsFeed;
use keelson_domain::model::SharedModels;
use keelson_domain::realtime::{Fanout, Presence};
use keelson_domain::session::SessionStore;
use keelson_domain::shared::{Clock, StoreResult};
use keelson_domain::task::{TaskDirectory, TaskSignals};
use keelson_memory::auth::{MemoryRateLimiter, MemoryRevocations};
use keelson_memory::config::NoopSettingsFeed;
use keelson_memory::model::MemorySharedModels;
use keelson_memory::realtime::MemoryPresence;
use keelson_memory::session::MemorySessions;
use keelson_memory::task::{MemorySignals, MemoryTasks};
use keelson_persistence_kit::Database;
use keelson_redis::Redis;

/// What instances have in common: through Redis, with this process's memory behind it, or in memory alone.
pub struct Shared {
    pub(super) settings_feed: Arc<dyn SettingsFeed>,
    pub(super) revocations: Arc<dyn TokenRevocations>,
    pub(super) limiter: Arc<dyn RateLimiter>,
    pub(super) sessions: Arc<dyn SessionStore>,
    pub(super) presence: Arc<dyn Presence>,
    pub(super) tasks: Arc<dyn TaskDirectory>,
    pub(super) signals: Arc<dyn TaskSignals>,
    pub(super) models: Arc<dyn SharedModels>,
    /// None without other instances.
    pub(super) fanout: Option<Arc<dyn Fanout>>,
}

impl Shared {
    /// In memory, for an instance that is alone.
    pub fn alone(clock: &Arc<dyn Clock>) -> Self {
        Self {
            settings_feed: Arc::new(NoopSettingsFeed),
            revocations: Arc::new(MemoryRevocations::new(clock.clone())),
            limiter: Arc::new(MemoryRateLimiter::for_sign_in()),
            sessions: Arc::new(MemorySessions::new(clock.clone())),
            presence: Arc::new(MemoryPresence::new(clock.clone())),
            tasks: Arc::new(MemoryTasks::default()),
            signals: Arc::new(MemorySignals::default()),
            models: Arc::new(MemorySharedModels::default()),
            fanout: None,
        }
    }

    /// With revoked tokens in the database, so that they stay revoked over a restart.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn with_log(self, database: &Database, clock: &Arc<dyn Clock>) -> StoreResult<Self> {
        let log = keelson_persistence_identity::ports(database).revocations;
        let revocations = LoggedRevocations::load(log, self.revocations.clone(), clock.now()).await?;
        Ok(Self {
            revocations: Arc::new(revocations),
            ..self
        })
    }

    /// Through Redis.
    pub fn through(redis: &Redis, clock: &Arc<dyn Clock>) -> Self {
        let local = Self::alone(clock);
        Self {
            settings_feed: redis.settings_feed(),
            revocations: redis.revocations(),
            limiter: redis.limiter(local.limiter),
            sessions: redis.sessions(local.sessions),
            presence: redis.presence(),
            tasks: redis.tasks(local.tasks),
            signals: redis.signals(local.signals),
            models: redis.models(),
            fanout: Some(redis.fanout()),
        }
    }
}
