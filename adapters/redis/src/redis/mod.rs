//! The entry point for the wiring: `ports.rs` hands out the ports, `loops.rs` the loops behind them.

mod loops;
mod ports;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use keelson_domain::shared::{Clock, InstanceId};

use crate::error::RedisError;
use crate::health::Health;
use crate::keys::Keys;
use crate::lease::Lease;
use crate::monitor::ConnectionMonitor;
use crate::options::RedisOptions;
use crate::presence::RedisPresence;
use crate::tasks::RedisTasks;

pub use loops::Loop;
use loops::ShutdownHook;

/// The longest that the start waits for an optional Redis.
const CONNECT_WAIT: Duration = Duration::from_secs(1);
/// The same for a required one.
const REQUIRED_CONNECT_WAIT: Duration = Duration::from_secs(15);

/// Redis, as this instance uses it. Ask for the ports first, then run the [loops](Redis::loops), then wait with
/// [`Redis::wait_until_restored`] if no request may be served before other instances' revocations are known.
pub struct Redis {
    main: Arc<ConnectionMonitor>,
    sockets: Arc<ConnectionMonitor>,
    lease: Arc<Lease>,
    socket_lease: Arc<Lease>,
    keys: Keys,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    lock_ttl: Duration,
    tasks: Mutex<Option<Arc<RedisTasks>>>,
    presence: Mutex<Option<Arc<RedisPresence>>>,
    loops: Mutex<Vec<Loop>>,
    /// Run in this order.
    shutdown_hooks: Mutex<Vec<ShutdownHook>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Redis {
    /// Starts to connect. Returns after a second at most when Redis does not answer, and continues without it; when it is
    /// required, after 15 seconds with an error.
    ///
    /// # Errors
    /// [`RedisError::Unreachable`], or when a client cannot be created from the options.
    pub async fn connect(
        options: &RedisOptions,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RedisError> {
        let keys = Keys::new(&options.prefix);
        let main = ConnectionMonitor::start("redis", &options.address, options, clock.clone())?;
        let lease = Lease::new(&main, &keys, &instance);
        let (sockets, socket_lease) = match &options.sockets {
            Some(address) => {
                let sockets = ConnectionMonitor::start("socket redis", address, options, clock.clone())?;
                let lease = Lease::new(&sockets, &keys, &instance);
                (sockets, lease)
            }
            None => (main.clone(), lease.clone()),
        };
        if options.required {
            tokio::try_join!(
                main.require_connection(REQUIRED_CONNECT_WAIT),
                sockets.require_connection(REQUIRED_CONNECT_WAIT)
            )?;
        } else {
            tokio::join!(
                main.wait_until_connected(CONNECT_WAIT),
                sockets.wait_until_connected(CONNECT_WAIT)
            );
        }
        let this = Self {
            main,
            sockets,
            lease,
            socket_lease,
            keys,
            instance,
            clock,
            lock_ttl: options.lock_ttl,
            tasks: Mutex::default(),
            presence: Mutex::default(),
            loops: Mutex::default(),
            shutdown_hooks: Mutex::default(),
        };
        this.add_monitor_loops();
        Ok(this)
    }

    /// Whether each component works, for `/ready` and metrics.
    pub fn health(&self) -> Vec<Health> {
        let mut health = self.main.health();
        if !Arc::ptr_eq(&self.main, &self.sockets) {
            health.extend(self.sockets.health());
        }
        health
    }

    /// Waits until every component was restored once; false when it takes longer. The loops must run.
    pub async fn wait_until_restored(&self, timeout: Duration) -> bool {
        let both = tokio::join!(
            self.main.wait_until_restored(timeout),
            self.sockets.wait_until_restored(timeout)
        );
        both == (true, true)
    }

    /// Removes this instance's connections and tasks from Redis, releases its lease, and disconnects.
    pub async fn close(&self) {
        self.main.begin_shutdown();
        self.sockets.begin_shutdown();
        let hooks = std::mem::take(&mut *locked(&self.shutdown_hooks));
        for hook in hooks {
            hook().await;
        }
        self.lease.close().await;
        if !Arc::ptr_eq(&self.main, &self.sockets) {
            self.socket_lease.close().await;
            self.sockets.close().await;
        }
        self.main.close().await;
    }
}
