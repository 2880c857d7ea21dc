use std::sync::Arc;

use futures_util::future::BoxFuture;
use keelson_domain::shared::BoxError;

use super::{Redis, locked};
use crate::cleanup::Cleanup;
use crate::lease::Lease;
use crate::monitor::ConnectionMonitor;
use crate::tasks::RedisTasks;

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

/// What a component does on shutdown.
pub(super) type ShutdownHook = Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

impl Redis {
    /// The loops to run; each is handed out once. Ask for the ports before.
    pub fn loops(&self) -> Vec<Loop> {
        let tasks = locked(&self.tasks).clone();
        let holds_presence = locked(&self.presence).is_some();
        if Arc::ptr_eq(&self.main, &self.sockets) {
            self.add_cleanup("redis cleanup", &self.main, &self.lease, tasks, holds_presence);
        } else {
            self.add_cleanup("redis cleanup", &self.main, &self.lease, tasks, false);
            let name = "socket redis cleanup";
            self.add_cleanup(name, &self.sockets, &self.socket_lease, None, holds_presence);
        }
        std::mem::take(&mut *locked(&self.loops))
    }

    pub(super) fn add_monitor_loops(&self) {
        self.add_monitor(["redis", "redis lease"], &self.main, &self.lease);
        if !Arc::ptr_eq(&self.main, &self.sockets) {
            let names = ["socket redis", "socket redis lease"];
            self.add_monitor(names, &self.sockets, &self.socket_lease);
        }
    }

    fn add_monitor(&self, names: [&'static str; 2], monitor: &Arc<ConnectionMonitor>, lease: &Arc<Lease>) {
        self.add_loop(names[0], monitor, |monitor| async move { monitor.watch().await });
        self.add_loop(names[1], lease, |lease| async move {
            lease.renew_periodically().await
        });
    }

    pub(super) fn add_loop<T, F>(&self, name: &'static str, of: &Arc<T>, run: fn(Arc<T>) -> F)
    where
        T: Send + Sync + 'static,
        F: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        let of = of.clone();
        let run = Box::new(move || Box::pin(run(of.clone())) as BoxFuture<'static, _>);
        locked(&self.loops).push(Loop { name, run });
    }

    pub(super) fn on_shutdown<T, F>(&self, of: &Arc<T>, run: fn(Arc<T>) -> F)
    where
        T: Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let of = of.clone();
        let hook = Box::new(move || Box::pin(run(of.clone())) as BoxFuture<'static, ()>);
        locked(&self.shutdown_hooks).push(hook);
    }

    /// Adds the cleanup of a set of servers, if they hold anything to clean up.
    fn add_cleanup(
        &self,
        name: &'static str,
        monitor: &Arc<ConnectionMonitor>,
        lease: &Arc<Lease>,
        tasks: Option<Arc<RedisTasks>>,
        holds_presence: bool,
    ) {
        if tasks.is_none() && !holds_presence {
            return;
        }
        let breaker = monitor.breaker("cleanup");
        let cleanup = Arc::new(Cleanup {
            monitor: monitor.clone(),
            lease: lease.clone(),
            breaker: breaker.clone(),
            keys: self.keys.clone(),
            clock: self.clock.clone(),
            tasks,
            usage_lock_ttl: holds_presence.then_some(self.lock_ttl),
        });
        monitor.register(breaker, cleanup.clone(), self.keys.key("keelson:cleanup_lock"));
        self.add_loop(name, &cleanup, |cleanup| async move { cleanup.run().await });
        self.on_shutdown(&cleanup, |cleanup| async move { cleanup.close().await });
    }
}
