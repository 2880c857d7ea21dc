//! The entry point for the wiring.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use keelson_domain::auth::{RateLimiter, TokenRevocations};
use keelson_domain::config::SettingsFeed;
use keelson_domain::realtime::{Fanout, Presence};
use keelson_domain::session::SessionStore;
use keelson_domain::shared::{BoxError, Clock, InstanceId, Locks};
use keelson_domain::task::{TaskDirectory, TaskSignals};

use crate::cleanup::Cleanup;
use crate::error::RedisError;
use crate::fanout::RedisFanout;
use crate::health::Health;
use crate::lease::Lease;
use crate::limits::RedisLimiter;
use crate::line::Line;
use crate::locks::RedisLocks;
use crate::names::Names;
use crate::options::RedisOptions;
use crate::presence::RedisPresence;
use crate::revocations::RedisRevocations;
use crate::sessions::RedisSessions;
use crate::settings::RedisFeed;
use crate::signals::RedisSignals;
use crate::tasks::RedisTasks;

/// The longest that the start waits for a Redis that may be absent.
const PATIENCE: Duration = Duration::from_secs(1);
/// The same, when it must be there.
const REQUIRED_PATIENCE: Duration = Duration::from_secs(15);

/// A loop that is to run as long as the process, restarted when it ends by an error.
pub struct Loop {
    /// What it does, for the log.
    pub name: &'static str,
    run: Box<dyn Fn() -> BoxFuture<'static, Result<(), BoxError>> + Send + Sync>,
}

impl Loop {
    /// Runs it; it ends only by an error.
    ///
    /// # Errors
    /// Whatever ended it: log it, and run it again.
    pub async fn run(&self) -> Result<(), BoxError> {
        (self.run)().await
    }
}

/// What an instance does when it leaves, in that order.
type Farewell = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// Redis, as this instance uses it. Ask for the ports first, then run the [loops](Redis::loops), then wait for
/// [`Redis::settled`] if requests must not be served before what others revoked is known.
pub struct Redis {
    main: Arc<Line>,
    sockets: Arc<Line>,
    lease: Arc<Lease>,
    socket_lease: Arc<Lease>,
    names: Names,
    instance: InstanceId,
    clock: Arc<dyn Clock>,
    lock_life: Duration,
    tasks: Mutex<Option<Arc<RedisTasks>>>,
    presence: Mutex<Option<Arc<RedisPresence>>>,
    loops: Mutex<Vec<Loop>>,
    farewells: Mutex<Vec<Farewell>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Redis {
    /// Starts to connect. Returns after a second at most when Redis is absent, and goes on without it; when it is
    /// required, after 15 seconds with an error.
    ///
    /// # Errors
    /// [`RedisError::Absent`], or when a client cannot be made from the options.
    pub async fn connect(
        options: &RedisOptions,
        instance: InstanceId,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, RedisError> {
        let names = Names::new(&options.prefix);
        let main = Line::start("redis", &options.address, options, clock.clone())?;
        let lease = Lease::new(&main, &names, &instance);
        let (sockets, socket_lease) = match &options.sockets {
            Some(address) => {
                let line = Line::start("socket redis", address, options, clock.clone())?;
                let lease = Lease::new(&line, &names, &instance);
                (line, lease)
            }
            None => (main.clone(), lease.clone()),
        };
        let patience = if options.required {
            REQUIRED_PATIENCE
        } else {
            PATIENCE
        };
        let connected = tokio::join!(main.connected(patience), sockets.connected(patience));
        if options.required && connected != (true, true) {
            return Err(RedisError::Absent);
        }
        let this = Self {
            main,
            sockets,
            lease,
            socket_lease,
            names,
            instance,
            clock,
            lock_life: options.lock_life,
            tasks: Mutex::default(),
            presence: Mutex::default(),
            loops: Mutex::default(),
            farewells: Mutex::default(),
        };
        this.attend_lines();
        Ok(this)
    }

    fn attend_lines(&self) {
        self.attend(["redis", "redis lease"], &self.main, &self.lease);
        if !Arc::ptr_eq(&self.main, &self.sockets) {
            let names = ["socket redis", "socket redis lease"];
            self.attend(names, &self.sockets, &self.socket_lease);
        }
    }

    fn attend(&self, names: [&'static str; 2], line: &Arc<Line>, lease: &Arc<Lease>) {
        self.add(names[0], line, |line| async move { line.attend().await });
        self.add(names[1], lease, |lease| async move { lease.keep().await });
    }

    /// Adds a loop.
    fn add<T, F>(&self, name: &'static str, of: &Arc<T>, run: fn(Arc<T>) -> F)
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        let of = of.clone();
        let run = Box::new(move || Box::pin(run(of.clone())) as BoxFuture<'static, _>);
        locked(&self.loops).push(Loop { name, run });
    }

    /// Adds something to do on leaving.
    fn on_close<T, F>(&self, of: &Arc<T>, run: fn(Arc<T>) -> F)
    where
        T: Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let of = of.clone();
        let farewell = Box::new(move || Box::pin(run(of.clone())) as BoxFuture<'static, ()>);
        locked(&self.farewells).push(farewell);
    }

    /// Revoked tokens: read from this process, fed by all instances.
    pub fn revocations(&self) -> Arc<dyn TokenRevocations> {
        let port = RedisRevocations::new(&self.main, &self.names, self.clock.clone());
        self.add(
            "redis revocations",
            &port,
            |port| async move { port.follow().await },
        );
        port
    }

    /// News of changed settings.
    pub fn settings_feed(&self) -> Arc<dyn SettingsFeed> {
        let port = RedisFeed::new(&self.main, &self.names);
        self.add("redis settings", &port, |port| async move { port.follow().await });
        port
    }

    /// Running tasks; `twin` holds those of this instance.
    pub fn tasks(&self, twin: Arc<dyn TaskDirectory>) -> Arc<dyn TaskDirectory> {
        let port = RedisTasks::new(&self.main, &self.lease, &self.names, twin);
        self.on_close(&port, |port| async move { port.close().await });
        *locked(&self.tasks) = Some(port.clone());
        port
    }

    /// Commands to stop tasks; `twin` carries them within this process while Redis is down.
    pub fn signals(&self, twin: Arc<dyn TaskSignals>) -> Arc<dyn TaskSignals> {
        RedisSignals::new(&self.main, &self.names, twin)
    }

    /// Dispatches between the instances' socket layers.
    pub fn fanout(&self) -> Arc<dyn Fanout> {
        let port = RedisFanout::new(&self.sockets, &self.instance);
        self.add("redis fanout", &port, |port| async move { port.publish().await });
        port
    }

    /// Who has pages open; it needs no twin, for it mirrors Redis in this process.
    pub fn presence(&self) -> Arc<dyn Presence> {
        let clock = self.clock.clone();
        let port = RedisPresence::new(&self.sockets, &self.socket_lease, &self.names, clock);
        self.add("redis pages out", &port, |port| async move { port.write().await });
        self.add("redis pages in", &port, |port| async move { port.follow().await });
        self.on_close(&port, |port| async move { port.close().await });
        *locked(&self.presence) = Some(port.clone());
        port
    }

    /// Browser sessions; `twin` holds those that are put while Redis is down.
    pub fn sessions(&self, twin: Arc<dyn SessionStore>) -> Arc<dyn SessionStore> {
        RedisSessions::new(&self.main, &self.names, self.clock.clone(), twin)
    }

    /// The limit on tries to sign in; `twin` counts while Redis is down.
    pub fn limiter(&self, twin: Arc<dyn RateLimiter>) -> Arc<dyn RateLimiter> {
        RedisLimiter::new(&self.main, &self.names, twin)
    }

    /// Locks of the fleet; `twin` grants them while Redis is down, to each instance for itself.
    pub fn locks(&self, twin: Arc<dyn Locks>) -> Arc<dyn Locks> {
        RedisLocks::new(&self.main, &self.names, twin)
    }

    /// Whether each use works, for `/ready` and metrics.
    pub fn health(&self) -> Vec<Health> {
        let mut health = self.main.health();
        if !Arc::ptr_eq(&self.main, &self.sockets) {
            health.extend(self.sockets.health());
        }
        health
    }

    /// The loops to run; each is handed out once. Ask for the ports before.
    pub fn loops(&self) -> Vec<Loop> {
        let tasks = locked(&self.tasks).clone();
        let pages = locked(&self.presence).is_some();
        if Arc::ptr_eq(&self.main, &self.sockets) {
            self.tidy("redis cleanup", &self.main, &self.lease, tasks, pages);
        } else {
            self.tidy("redis cleanup", &self.main, &self.lease, tasks, false);
            let name = "socket redis cleanup";
            self.tidy(name, &self.sockets, &self.socket_lease, None, pages);
        }
        std::mem::take(&mut *locked(&self.loops))
    }

    /// Adds the cleanup of a line, if there is anything to tidy on it.
    fn tidy(
        &self,
        name: &'static str,
        line: &Arc<Line>,
        lease: &Arc<Lease>,
        tasks: Option<Arc<RedisTasks>>,
        pages: bool,
    ) {
        if tasks.is_none() && !pages {
            return;
        }
        let breaker = line.breaker("cleanup");
        let cleanup = Arc::new(Cleanup {
            line: line.clone(),
            lease: lease.clone(),
            breaker: breaker.clone(),
            names: self.names.clone(),
            clock: self.clock.clone(),
            tasks,
            usage_lock_life: pages.then_some(self.lock_life),
        });
        line.attach(breaker, cleanup.clone(), self.names.name("keelson:cleanup_lock"));
        self.add(name, &cleanup, |cleanup| async move { cleanup.run().await });
        self.on_close(&cleanup, |cleanup| async move { cleanup.close().await });
    }

    /// Waits until every use stands; false when it takes longer. The loops must run.
    pub async fn settled(&self, within: Duration) -> bool {
        let both = tokio::join!(self.main.settled(within), self.sockets.settled(within));
        both == (true, true)
    }

    /// Takes this instance's pages and tasks out of Redis, gives its lease back, and hangs up.
    pub async fn close(&self) {
        self.main.retire();
        self.sockets.retire();
        let farewells = std::mem::take(&mut *locked(&self.farewells));
        for farewell in farewells {
            farewell().await;
        }
        self.lease.close().await;
        if !Arc::ptr_eq(&self.main, &self.sockets) {
            self.socket_lease.close().await;
            self.sockets.close().await;
        }
        self.main.close().await;
    }
}
