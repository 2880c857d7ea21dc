//! One server set: its clients, and the loop that watches them.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fred::error::{Error, ErrorKind};
use fred::prelude::*;
use fred::types::{ConnectHandle, Message};
use futures_util::future::try_join;
use keelson_domain::shared::{BoxError, Clock};
use tokio::sync::{Notify, broadcast, watch};

use crate::breaker::Breaker;
use crate::connect;
use crate::error::RedisError;
use crate::events::Events;
use crate::health::Health;
use crate::options::{Address, Mode, RedisOptions};
use crate::{sentinel, tracking};

/// How often an idle line is tried, so that its death is known before a caller pays for it.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// How long a line may take to show that it is well after all.
const PROMPTLY: Duration = Duration::from_millis(100);
/// Pauses between tries while the line is down.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How many heartbeats after a loss the sentinels are asked who the master is.
const DOUBTS: u32 = 8;
/// How often the line is made anew for that: sentinels hear of a new master one after the other, and one that names it
/// otherwise than the line does must not make it anew for ever.
const MOVES: u32 = 3;
/// The longest that one use may take to come together with Redis again.
const RESTORE: Duration = Duration::from_secs(10);

/// What a use does when the line is there again, before callers use it: Redis may have lost everything, and this
/// instance may have missed anything.
#[async_trait]
pub(crate) trait Restore: Send + Sync {
    /// Brings what is known here and what Redis holds together.
    async fn restore(&self, _redis: &Client) -> Result<(), Error> {
        Ok(())
    }

    /// Whether something could not be written, though the line may stand: then it is restored again.
    fn owes(&self) -> bool {
        false
    }
}

struct Use {
    breaker: Arc<Breaker>,
    restore: Arc<dyn Restore>,
    /// A key of this use; in a cluster it stands for the slot that must work.
    probe: String,
    fresh: bool,
}

/// The line to one server set: commands go over one client, what is heard comes over the other, so that a flood of
/// messages delays no command. Both have one connection a server, whatever happens.
pub(crate) struct Line {
    name: &'static str,
    address: Address,
    commands: Client,
    ears: Client,
    clock: Arc<dyn Clock>,
    tripped: Arc<Notify>,
    channels: Mutex<Vec<String>>,
    prefixes: Mutex<Vec<String>>,
    uses: Mutex<Vec<Use>>,
    tasks: Mutex<Option<[ConnectHandle; 2]>>,
    /// Whether subscriptions and tracking stand.
    hears: watch::Sender<bool>,
    settled: watch::Sender<bool>,
    /// Why it was lost last.
    reason: Mutex<String>,
    /// Whether the instance is leaving: nothing is restored any more.
    retired: AtomicBool,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Line {
    /// Starts to connect, and goes on in the background.
    pub(crate) fn start(
        name: &'static str,
        address: &Address,
        options: &RedisOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, RedisError> {
        let line = Self {
            name,
            address: address.clone(),
            commands: connect::client(address, options)?,
            ears: connect::client(address, options)?,
            clock,
            tripped: Arc::default(),
            channels: Mutex::default(),
            prefixes: Mutex::default(),
            uses: Mutex::default(),
            tasks: Mutex::default(),
            hears: watch::Sender::new(false),
            settled: watch::Sender::new(false),
            reason: Mutex::default(),
            retired: AtomicBool::new(false),
        };
        line.keep_connecting();
        Ok(Arc::new(line))
    }

    /// The client for commands.
    pub(crate) fn redis(&self) -> &Client {
        &self.commands
    }

    pub(crate) fn is_clustered(&self) -> bool {
        self.address.mode == Mode::Cluster
    }

    /// A breaker for a use whose `restore` follows with [`Line::attach`].
    pub(crate) fn breaker(&self, name: &'static str) -> Arc<Breaker> {
        Arc::new(Breaker::new(name, self.clock.clone(), self.tripped.clone()))
    }

    /// Adds a use; `probe` is one of its keys.
    pub(crate) fn attach(&self, breaker: Arc<Breaker>, restore: Arc<dyn Restore>, probe: String) {
        locked(&self.uses).push(Use {
            breaker,
            restore,
            probe,
            fresh: false,
        });
        self.tripped.notify_one();
    }

    /// Hears a channel from now on. Call it before [`Line::attach`], so that the channel is heard once the use is restored.
    pub(crate) fn hear(&self, channel: &str) -> broadcast::Receiver<Message> {
        let mut channels = locked(&self.channels);
        if !channels.iter().any(|known| known == channel) {
            channels.push(channel.to_owned());
            self.hears.send_replace(false);
            self.tripped.notify_one();
        }
        self.ears.message_rx()
    }

    /// Hears of every changed key that starts with `prefix` from now on.
    pub(crate) fn track(&self, prefix: String) -> broadcast::Receiver<fred::types::client::Invalidation> {
        let mut prefixes = locked(&self.prefixes);
        if !prefixes.contains(&prefix) {
            prefixes.push(prefix);
            self.hears.send_replace(false);
            self.tripped.notify_one();
        }
        self.ears.invalidation_rx()
    }

    /// Has every use restored, as when others may have removed what this instance wrote.
    pub(crate) fn doubt(&self) {
        for it in locked(&self.uses).iter_mut() {
            it.fresh = false;
        }
        self.tripped.notify_one();
    }

    /// Whether what others publish is heard now.
    pub(crate) fn hears(&self) -> bool {
        *self.hears.borrow()
    }

    pub(crate) fn health(&self) -> Vec<Health> {
        locked(&self.uses).iter().map(|it| it.breaker.health()).collect()
    }

    /// Waits until every use was restored once; false when that takes longer.
    pub(crate) async fn settled(&self, within: Duration) -> bool {
        let mut settled = self.settled.subscribe();
        tokio::time::timeout(within, settled.wait_for(|done| *done))
            .await
            .is_ok()
    }

    /// Waits for the connection; false when that takes longer.
    pub(crate) async fn connected(&self, within: Duration) -> bool {
        let both = try_join(self.commands.wait_for_connect(), self.ears.wait_for_connect());
        matches!(tokio::time::timeout(within, both).await, Ok(Ok(_)))
    }

    /// Restores nothing any more, for the instance is leaving; commands still go through.
    pub(crate) fn retire(&self) {
        self.retired.store(true, Ordering::SeqCst);
        self.tripped.notify_one();
    }

    pub(crate) fn is_retired(&self) -> bool {
        self.retired.load(Ordering::SeqCst)
    }

    /// What a loop ends with when its channel closed: never, when that is because the instance leaves.
    ///
    /// # Errors
    /// Always `what`.
    pub(crate) async fn deaf(&self, what: &str) -> Result<(), BoxError> {
        if self.is_retired() {
            return std::future::pending().await;
        }
        Err(what.into())
    }

    /// Closes the connections.
    pub(crate) async fn close(&self) {
        self.retire();
        self.lost("this instance has hung up");
        // Nobody is left to tell when that fails.
        let _ = tokio::time::timeout(connect::COMMAND, self.commands.quit()).await;
        let _ = tokio::time::timeout(connect::COMMAND, self.ears.quit()).await;
    }

    /// Watches the line for ever.
    ///
    /// # Errors
    /// When a client gave up, which it does not by itself; it was started again then, and this is to be called again.
    pub(crate) async fn attend(&self) -> Result<(), BoxError> {
        if !self.is_retired() && self.keep_connecting() {
            tracing::debug!(line = self.name, "connecting to Redis anew");
        }
        let mut events = Events::of(&[&self.commands, &self.ears]);
        let mut pause = FIRST_PAUSE;
        let mut said = None;
        let (mut doubts, mut moves) = (0, 0);
        self.forget();
        loop {
            if self.is_retired() {
                return std::future::pending().await;
            }
            let whole = self.restore().await;
            if said != Some(whole) {
                self.say(whole, said);
                said = Some(whole);
            }
            if !whole {
                doubts = DOUBTS;
            }
            let wait = if whole {
                self.settled.send_replace(true);
                pause = FIRST_PAUSE;
                HEARTBEAT
            } else {
                pause = (pause * 2).min(LONGEST_PAUSE);
                pause
            };
            tokio::select! {
                event = events.next() => {
                    let reason = events.rest(event);
                    if let Some(reason) = &reason {
                        locked(&self.reason).clone_from(reason);
                    }
                    match reason {
                        Some(reason) if whole && !self.answers().await => self.lost(&reason),
                        _ => self.forget(),
                    }
                }
                () = self.tripped.notified() => {}
                () = tokio::time::sleep(wait) => {
                    if !self.is_retired() && self.clients_ended() {
                        self.lost("the client ended");
                        return Err("a Redis client ended".into());
                    }
                    if whole && let Err(error) = self.heartbeat().await {
                        self.lost(&error.to_string());
                    } else if whole && doubts > 0 {
                        doubts -= 1;
                        if moves < MOVES && !self.follows_master().await {
                            moves += 1;
                        }
                    } else if whole {
                        // Nothing is doubted any more: the next loss is another one.
                        moves = 0;
                    }
                }
            }
        }
    }

    /// Brings what is down up again; whether all stands then.
    async fn restore(&self) -> bool {
        if !self.hears() {
            // The value is set first, so that what is added meanwhile is seen.
            self.hears.send_replace(true);
            if let Err(error) = within(connect::COMMAND * 4, self.listen()).await {
                self.hears.send_replace(false);
                self.lost(&error.to_string());
                return false;
            }
        }
        let mut index = 0;
        let mut whole = true;
        loop {
            let (breaker, restore, probe) = {
                let mut uses = locked(&self.uses);
                let Some(it) = uses.get_mut(index) else {
                    return whole;
                };
                index += 1;
                if it.fresh && !it.breaker.is_open() && !it.restore.owes() {
                    continue;
                }
                it.fresh = true;
                (it.breaker.clone(), it.restore.clone(), it.probe.clone())
            };
            let restored = async {
                let _: i64 = self.commands.exists(probe).await?;
                restore.restore(&self.commands).await
            };
            match within(RESTORE, restored).await {
                Ok(()) if self.hears() => breaker.close(),
                Ok(()) => whole = false,
                Err(error) => {
                    tracing::debug!(r#use = breaker.name(), %error, "not restored yet");
                    breaker.open(&error.to_string());
                    whole = false;
                    // It may be this use alone, or the whole line.
                    if let Err(error) = self.heartbeat().await {
                        self.lost(&error.to_string());
                        return false;
                    }
                }
            }
        }
    }

    /// Whether the sentinels call the server that this line goes to the master; if not, the line is made anew.
    async fn follows_master(&self) -> bool {
        let Some((host, port)) = sentinel::master(&self.address).await else {
            return true;
        };
        let mut follows = true;
        for client in [&self.commands, &self.ears] {
            let servers = client.active_connections();
            if servers
                .iter()
                .all(|server| *server.host == *host && server.port == port)
            {
                continue;
            }
            follows = false;
            tracing::info!(
                line = self.name,
                "another Redis was made the master; going over to it"
            );
            if let Err(error) = client.force_reconnection().await {
                tracing::debug!(%error, "not reconnected yet");
            }
        }
        follows
    }

    async fn listen(&self) -> Result<(), Error> {
        let channels = locked(&self.channels).clone();
        if !channels.is_empty() {
            self.ears.subscribe(channels).await?;
        }
        let prefixes = locked(&self.prefixes).clone();
        tracking::start(&self.ears, self.is_clustered(), &prefixes).await
    }

    async fn heartbeat(&self) -> Result<(), Error> {
        let tracked = !locked(&self.prefixes).is_empty();
        let commands = self.commands.ping::<()>(None);
        try_join(
            commands,
            tracking::check(&self.ears, self.is_clustered(), tracked),
        )
        .await?;
        Ok(())
    }

    /// Whether it answers promptly; what is told of an old connection may come after a new one was made.
    async fn answers(&self) -> bool {
        let both = try_join(self.commands.ping::<()>(None), self.ears.ping::<()>(None));
        matches!(tokio::time::timeout(PROMPTLY, both).await, Ok(Ok(_)))
    }

    /// The connections are new: nothing that was set up over the old ones stands.
    fn forget(&self) {
        self.hears.send_replace(false);
        for it in locked(&self.uses).iter_mut() {
            it.fresh = false;
        }
    }

    fn lost(&self, reason: &str) {
        reason.clone_into(&mut locked(&self.reason));
        self.forget();
        for it in locked(&self.uses).iter() {
            it.breaker.open(reason);
        }
    }

    fn say(&self, whole: bool, before: Option<bool>) {
        match (whole, before) {
            (true, Some(false)) => {
                tracing::info!(line = self.name, "Redis is back; instances work together again")
            }
            (true, _) => tracing::debug!(line = self.name, "Redis is there"),
            (false, _) => tracing::warn!(
                line = self.name,
                reason = *locked(&self.reason),
                "Redis does not answer; this instance goes on with what it knows itself"
            ),
        }
    }

    fn clients_ended(&self) -> bool {
        locked(&self.tasks)
            .as_ref()
            .is_none_or(|tasks| tasks.iter().any(ConnectHandle::is_finished))
    }

    fn keep_connecting(&self) -> bool {
        let mut tasks = locked(&self.tasks);
        match tasks.as_mut() {
            None => {
                *tasks = Some([self.commands.connect(), self.ears.connect()]);
                true
            }
            Some([commands, ears]) => {
                let ended = [commands.is_finished(), ears.is_finished()];
                if ended[0] {
                    *commands = self.commands.connect();
                }
                if ended[1] {
                    *ears = self.ears.connect();
                }
                ended[0] || ended[1]
            }
        }
    }
}

async fn within<T>(time: Duration, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(time, work)
        .await
        .unwrap_or_else(|_| Err(Error::new(ErrorKind::Timeout, "took too long")))
}
