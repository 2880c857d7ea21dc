use std::sync::Arc;

use keelson_domain::auth::{RateLimiter, TokenRevocations};
use keelson_domain::config::SettingsFeed;
use keelson_domain::model::SharedModels;
use keelson_domain::realtime::{Fanout, Presence};
use keelson_domain::session::SessionStore;
use keelson_domain::shared::Locks;
use keelson_domain::task::{TaskDirectory, TaskSignals};

use super::{Redis, locked};
use crate::fanout::RedisFanout;
use crate::limits::RedisLimiter;
use crate::locks::RedisLocks;
use crate::models::RedisModels;
use crate::presence::RedisPresence;
use crate::revocations::RedisRevocations;
use crate::sessions::RedisSessions;
use crate::settings::RedisFeed;
use crate::signals::RedisSignals;
use crate::tasks::RedisTasks;

/// The ports. A `local` adapter in process memory takes over while Redis is down.
impl Redis {
    /// Revoked tokens: read from this process, fed by all instances.
    pub fn revocations(&self) -> Arc<dyn TokenRevocations> {
        let port = RedisRevocations::new(&self.main, &self.keys, self.clock.clone());
        self.add_loop(
            "redis revocations",
            &port,
            |port| async move { port.follow().await },
        );
        port
    }

    /// Notifications of changed settings.
    pub fn settings_feed(&self) -> Arc<dyn SettingsFeed> {
        let port = RedisFeed::new(&self.main, &self.keys);
        self.add_loop("redis settings", &port, |port| async move { port.follow().await });
        port
    }

    /// Running tasks; `local` holds those of this instance.
    pub fn tasks(&self, local: Arc<dyn TaskDirectory>) -> Arc<dyn TaskDirectory> {
        let port = RedisTasks::new(&self.main, &self.lease, &self.keys, local);
        self.on_shutdown(&port, |port| async move { port.close().await });
        *locked(&self.tasks) = Some(port.clone());
        port
    }

    /// Commands to stop tasks; `local` carries them within this process.
    pub fn signals(&self, local: Arc<dyn TaskSignals>) -> Arc<dyn TaskSignals> {
        RedisSignals::new(&self.main, &self.keys, self.clock.clone(), local)
    }

    /// The models that may be chosen; the reference keeps them where its socket layer keeps its state.
    pub fn models(&self) -> Arc<dyn SharedModels> {
        RedisModels::new(&self.sockets, &self.keys)
    }

    /// Dispatches between the instances' socket layers.
    pub fn fanout(&self) -> Arc<dyn Fanout> {
        let port = RedisFanout::new(&self.sockets, &self.instance);
        self.add_loop("redis fanout", &port, |port| async move {
            port.publish_queued().await
        });
        port
    }

    /// Who is connected; needs no local adapter, for it caches Redis in this process.
    pub fn presence(&self) -> Arc<dyn Presence> {
        let clock = self.clock.clone();
        let port = RedisPresence::new(&self.sockets, &self.socket_lease, &self.keys, clock);
        self.add_loop("redis presence writes", &port, |port| async move {
            port.write_queued().await
        });
        self.add_loop("redis presence", &port, |port| async move { port.follow().await });
        self.on_shutdown(&port, |port| async move { port.close().await });
        *locked(&self.presence) = Some(port.clone());
        port
    }

    /// Browser sessions; `local` holds those that are put while Redis is down.
    pub fn sessions(&self, local: Arc<dyn SessionStore>) -> Arc<dyn SessionStore> {
        RedisSessions::new(&self.main, &self.keys, self.clock.clone(), local)
    }

    /// The rate limit of sign-in; `local` counts while Redis is down.
    pub fn limiter(&self, local: Arc<dyn RateLimiter>) -> Arc<dyn RateLimiter> {
        RedisLimiter::new(&self.main, &self.keys, local)
    }

    /// Locks between instances; `local` grants them while Redis is down, to each instance for itself.
    pub fn locks(&self, local: Arc<dyn Locks>) -> Arc<dyn Locks> {
        RedisLocks::new(&self.main, &self.keys, local)
    }
}
