use std::sync::Arc;
use std::time::{Duration, Instant};

use keelson_domain::auth::{RateLimiter, TokenRevocations};
use keelson_domain::config::SettingsFeed;
use keelson_domain::model::SharedModels;
use keelson_domain::realtime::{Fanout, Presence};
use keelson_domain::session::SessionStore;
use keelson_domain::shared::{InstanceId, Locks, Timestamp};
use keelson_domain::task::{TaskDirectory, TaskSignals};
use keelson_domain::user::{Role, User};
use keelson_memory::auth::MemoryRateLimiter;
use keelson_memory::session::MemorySessions;
use keelson_memory::shared::{MemoryLocks, SystemClock};
use keelson_memory::task::{MemorySignals, MemoryTasks};
use keelson_redis::{Address, AddressText, Redis, RedisOptions};
use secrecy::SecretString;
use tokio::task::JoinHandle;

use super::RedisSet;

/// The Redis adapters of one instance, their loops running.
pub(crate) struct Instance {
    pub(crate) redis: Redis,
    pub(crate) revocations: Arc<dyn TokenRevocations>,
    pub(crate) feed: Arc<dyn SettingsFeed>,
    pub(crate) tasks: Arc<dyn TaskDirectory>,
    pub(crate) signals: Arc<dyn TaskSignals>,
    pub(crate) fanout: Arc<dyn Fanout>,
    pub(crate) presence: Arc<dyn Presence>,
    pub(crate) sessions: Arc<dyn SessionStore>,
    pub(crate) limiter: Arc<dyn RateLimiter>,
    pub(crate) locks: Arc<dyn Locks>,
    pub(crate) models: Arc<dyn SharedModels>,
    loops: Vec<JoinHandle<()>>,
}

/// The options for a set of servers.
pub(crate) fn options(set: &RedisSet) -> RedisOptions {
    RedisOptions::at(address(&set.url(), set.is_cluster(), &set.sentinel_hosts()))
}

/// An address from its texts.
pub(crate) fn address(url: &str, cluster: bool, sentinel_hosts: &str) -> Address {
    Address::parse(&AddressText {
        variable: "REDIS_URL",
        url: &SecretString::from(url),
        cluster,
        sentinel_hosts,
        sentinel_port: 26379,
        options: None,
    })
    .expect("an address")
}

impl Instance {
    /// Starts one and waits until every component is restored.
    pub(crate) async fn start(set: &RedisSet, name: &str) -> Self {
        let this = Self::with(&options(set), name).await;
        assert!(
            this.redis.wait_until_restored(Duration::from_secs(10)).await,
            "{:?}",
            this.redis.health()
        );
        this
    }

    /// Starts one, whether Redis is reachable or not.
    pub(crate) async fn with(options: &RedisOptions, name: &str) -> Self {
        let clock = Arc::new(SystemClock);
        let redis = Redis::connect(options, InstanceId::from(name), clock.clone())
            .await
            .expect("clients");
        let revocations = redis.revocations();
        let feed = redis.settings_feed();
        let tasks = redis.tasks(Arc::new(MemoryTasks::default()));
        let signals = redis.signals(Arc::new(MemorySignals::default()));
        let fanout = redis.fanout();
        let presence = redis.presence();
        let sessions = redis.sessions(Arc::new(MemorySessions::new(clock.clone())));
        let limiter = redis.limiter(Arc::new(MemoryRateLimiter::for_sign_in()));
        let locks = redis.locks(Arc::new(MemoryLocks::new(clock)));
        let models = redis.models();
        let loops = redis.loops().into_iter().map(|redis_loop| {
            tokio::spawn(async move {
                loop {
                    let ended = redis_loop.run().await;
                    eprintln!("{} ended: {ended:?}", redis_loop.name);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            })
        });
        Self {
            loops: loops.collect(),
            redis,
            revocations,
            feed,
            tasks,
            signals,
            fanout,
            presence,
            sessions,
            limiter,
            locks,
            models,
        }
    }

    /// Whether every component works.
    pub(crate) fn is_up(&self) -> bool {
        self.redis.health().iter().all(|component| component.is_up)
    }

    /// Ends without a shutdown, as a killed process does.
    pub(crate) async fn die(mut self) {
        for running in self.loops.drain(..) {
            running.abort();
        }
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        for running in &self.loops {
            running.abort();
        }
    }
}

/// Waits until a condition holds, at most 10 s.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    within(Duration::from_secs(10), what, holds).await;
}

/// The same with another time-out.
pub(crate) async fn within<F: Future<Output = bool>>(time: Duration, what: &str, holds: impl Fn() -> F) {
    let deadline = Instant::now() + time;
    while !holds().await {
        assert!(Instant::now() < deadline, "not within {time:?}: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// An account with that id.
pub(crate) fn user(id: &str) -> User {
    User {
        id: id.into(),
        name: format!("Name of {id}"),
        email: format!("{id}@example.org"),
        role: Role::User,
        profile_image_url: "/user.png".to_owned(),
        profile_banner_image_url: None,
        username: None,
        bio: Some("secret life".to_owned()),
        gender: None,
        date_of_birth: None,
        timezone: Some("UTC".to_owned()),
        presence_state: None,
        status_emoji: None,
        status_message: None,
        status_expires_at: None,
        settings: None,
        info: None,
        oauth: None,
        last_active_at: Timestamp::from_seconds(3),
        created_at: Timestamp::from_seconds(1),
        updated_at: Timestamp::from_seconds(2),
    }
}
