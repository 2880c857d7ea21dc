//! The connections to one set of Redis servers. `mod.rs` holds the clients and what is registered with them; `watch.rs`
//! is the loop that notices a lost connection and restores every component afterwards; `events.rs` reads the clients'
//! connection events.

mod events;
mod watch;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use fred::types::client::Invalidation;
use fred::types::{ConnectHandle, Message};
use futures_util::future::try_join;
use keelson_domain::shared::{BoxError, Clock};
use tokio::sync::{Notify, broadcast, watch as watch_channel};

use crate::breaker::Breaker;
use crate::connect;
use crate::error::RedisError;
use crate::health::Health;
use crate::options::{Address, Mode, RedisOptions};

/// What a component does after the connection came back and before callers use it again: Redis may have lost
/// everything, and this instance may have missed messages.
#[async_trait]
pub(crate) trait Restore: Send + Sync {
    /// Brings this instance's state and what Redis holds together.
    async fn restore(&self, _redis: &Client) -> Result<(), Error> {
        Ok(())
    }

    /// Whether writes are pending that could not be made although the connection may work; then it is restored again.
    fn has_pending(&self) -> bool {
        false
    }
}

/// One component that uses Redis: tasks, presence, …
struct Component {
    breaker: Arc<Breaker>,
    restore: Arc<dyn Restore>,
    /// One of its keys; in a cluster it stands for the slot that must be reachable.
    probe_key: String,
    is_restored: bool,
}

/// The connections to one set of servers: `commands` sends, `subscriber` receives, so that a flood of messages delays
/// no command. Each has one connection a server, whatever happens.
pub(crate) struct ConnectionMonitor {
    name: &'static str,
    address: Address,
    commands: Client,
    subscriber: Client,
    clock: Arc<dyn Clock>,
    /// Wakes the watching loop.
    wake: Arc<Notify>,
    channels: Mutex<Vec<String>>,
    prefixes: Mutex<Vec<String>>,
    components: Mutex<Vec<Component>>,
    connect_tasks: Mutex<Option<[ConnectHandle; 2]>>,
    /// Whether subscriptions and tracking are set up on the current connections.
    subscribed: watch_channel::Sender<bool>,
    /// Whether every component was restored once.
    restored_once: watch_channel::Sender<bool>,
    /// Why the connection was lost last.
    last_error: Mutex<String>,
    shutting_down: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ConnectionMonitor {
    /// Starts to connect, and goes on in the background.
    pub(crate) fn start(
        name: &'static str,
        address: &Address,
        options: &RedisOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, RedisError> {
        for option in &address.ignored {
            tracing::warn!(
                option,
                "an option of the address of Redis changes nothing here and is passed over"
            );
        }
        let monitor = Self {
            name,
            address: address.clone(),
            commands: connect::client(address, options)?,
            subscriber: connect::client(address, options)?,
            clock,
            wake: Arc::default(),
            channels: Mutex::default(),
            prefixes: Mutex::default(),
            components: Mutex::default(),
            connect_tasks: Mutex::default(),
            subscribed: watch_channel::Sender::new(false),
            restored_once: watch_channel::Sender::new(false),
            last_error: Mutex::default(),
            shutting_down: AtomicBool::new(false),
        };
        monitor.ensure_connecting();
        Ok(Arc::new(monitor))
    }

    /// The client for commands.
    pub(crate) fn redis(&self) -> &Client {
        &self.commands
    }

    pub(crate) fn is_clustered(&self) -> bool {
        self.address.mode == Mode::Cluster
    }

    /// A breaker for a component that follows with [`ConnectionMonitor::register`].
    pub(crate) fn breaker(&self, name: &'static str) -> Arc<Breaker> {
        Arc::new(Breaker::new(name, self.clock.clone(), self.wake.clone()))
    }

    /// Adds a component; `probe_key` is one of its keys.
    pub(crate) fn register(&self, breaker: Arc<Breaker>, restore: Arc<dyn Restore>, probe_key: String) {
        locked(&self.components).push(Component {
            breaker,
            restore,
            probe_key,
            is_restored: false,
        });
        self.wake.notify_one();
    }

    /// Subscribes to a channel. Call it before [`ConnectionMonitor::register`], so that the subscription stands once the
    /// component is restored.
    pub(crate) fn subscribe(&self, channel: &str) -> broadcast::Receiver<Message> {
        let mut channels = locked(&self.channels);
        if !channels.iter().any(|known| known == channel) {
            channels.push(channel.to_owned());
            self.subscribed.send_replace(false);
            self.wake.notify_one();
        }
        self.subscriber.message_rx()
    }

    /// Receives the name of every changed key that starts with `prefix` from now on.
    pub(crate) fn track(&self, prefix: String) -> broadcast::Receiver<Invalidation> {
        let mut prefixes = locked(&self.prefixes);
        if !prefixes.contains(&prefix) {
            prefixes.push(prefix);
            self.subscribed.send_replace(false);
            self.wake.notify_one();
        }
        self.subscriber.invalidation_rx()
    }

    /// Has every component restored again, for others may have removed what this instance wrote.
    pub(crate) fn invalidate(&self) {
        for component in locked(&self.components).iter_mut() {
            component.is_restored = false;
        }
        self.wake.notify_one();
    }

    /// Whether what others publish is received now.
    pub(crate) fn is_subscribed(&self) -> bool {
        *self.subscribed.borrow()
    }

    pub(crate) fn health(&self) -> Vec<Health> {
        let components = locked(&self.components);
        components
            .iter()
            .map(|component| component.breaker.health())
            .collect()
    }

    /// Waits until every component was restored once; false when that takes longer.
    pub(crate) async fn wait_until_restored(&self, timeout: Duration) -> bool {
        let mut restored = self.restored_once.subscribe();
        tokio::time::timeout(timeout, restored.wait_for(|done| *done))
            .await
            .is_ok()
    }

    /// Waits until both clients are connected; false when that takes longer.
    pub(crate) async fn wait_until_connected(&self, timeout: Duration) -> bool {
        let both = try_join(
            self.commands.wait_for_connect(),
            self.subscriber.wait_for_connect(),
        );
        matches!(tokio::time::timeout(timeout, both).await, Ok(Ok(_)))
    }

    /// The same for a Redis that the start cannot do without: each failed try is logged.
    ///
    /// # Errors
    /// [`RedisError::Unreachable`] when it takes longer.
    pub(crate) async fn require_connection(&self, timeout: Duration) -> Result<(), RedisError> {
        let mut errors = self.commands.error_rx();
        let address = self.address.to_string();
        let (mut tries, mut reason) = (0_u32, "no answer".to_owned());
        let connected = self.wait_until_connected(timeout);
        tokio::pin!(connected);
        loop {
            let error = tokio::select! {
                connected = &mut connected => match connected {
                    true => return Ok(()),
                    false => return Err(RedisError::Unreachable { address, reason }),
                },
                Ok((error, _)) = errors.recv() => error,
            };
            tries += 1;
            reason = error.details().to_owned();
            tracing::warn!(
                server = self.name,
                address,
                tries,
                reason,
                "Redis is required and does not answer; trying again"
            );
        }
    }

    /// Stops restoring, because the instance shuts down; commands still go through.
    pub(crate) fn begin_shutdown(&self) {
        self.shutting_down.store(true, Ordering::SeqCst);
        self.wake.notify_one();
    }

    pub(crate) fn is_shutting_down(&self) -> bool {
        self.shutting_down.load(Ordering::SeqCst)
    }

    /// What a loop returns when its channel was closed. During shutdown that is no failure, so it never returns then.
    ///
    /// # Errors
    /// Always `message`.
    pub(crate) async fn fail_closed_channel(&self, message: &str) -> Result<(), BoxError> {
        if self.is_shutting_down() {
            return std::future::pending().await;
        }
        Err(message.into())
    }

    /// Closes the connections.
    pub(crate) async fn close(&self) {
        self.begin_shutdown();
        self.mark_lost("this instance closed the connection");
        // Errors do not matter any more: the process ends.
        let _ = tokio::time::timeout(connect::COMMAND_TIMEOUT, self.commands.quit()).await;
        let _ = tokio::time::timeout(connect::COMMAND_TIMEOUT, self.subscriber.quit()).await;
    }

    /// Starts the clients' connection tasks where they have ended; true when one was started.
    fn ensure_connecting(&self) -> bool {
        let mut tasks = locked(&self.connect_tasks);
        match tasks.as_mut() {
            None => {
                *tasks = Some([self.commands.connect(), self.subscriber.connect()]);
                true
            }
            Some([commands, subscriber]) => {
                let ended = [commands.is_finished(), subscriber.is_finished()];
                if ended[0] {
                    *commands = self.commands.connect();
                }
                if ended[1] {
                    *subscriber = self.subscriber.connect();
                }
                ended[0] || ended[1]
            }
        }
    }

    fn is_client_ended(&self) -> bool {
        locked(&self.connect_tasks)
            .as_ref()
            .is_none_or(|tasks| tasks.iter().any(ConnectHandle::is_finished))
    }

    /// The connections are new: subscriptions must be set up and components restored again.
    fn reset(&self) {
        self.subscribed.send_replace(false);
        for component in locked(&self.components).iter_mut() {
            component.is_restored = false;
        }
    }

    /// Opens every breaker.
    fn mark_lost(&self, reason: &str) {
        reason.clone_into(&mut locked(&self.last_error));
        self.reset();
        for component in locked(&self.components).iter() {
            component.breaker.open(reason);
        }
    }
}
