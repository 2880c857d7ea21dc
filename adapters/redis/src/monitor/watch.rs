//! The loop that watches the connections: it notices a loss, opens the breakers, and restores every component once the
//! servers answer again.

use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use fred::error::{Error, ErrorKind};
use fred::prelude::*;
use futures_util::future::try_join;
use keelson_domain::shared::BoxError;

use super::events::ConnectionEvents;
use super::{ConnectionMonitor, locked};
use crate::{connect, sentinel, tracking};

/// How often an idle connection is checked, so that its loss is noticed before a caller waits for it.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// How long a connection that reported an error may take to answer a ping.
const PING_TIMEOUT: Duration = Duration::from_millis(100);
/// Delays between attempts while the connection is down.
const FIRST_DELAY: Duration = Duration::from_millis(100);
const MAX_DELAY: Duration = Duration::from_secs(1);
/// For how many heartbeats after a loss the sentinels are asked who the master is.
const MASTER_CHECKS: u32 = 8;
/// How often the clients reconnect because of that: sentinels hear of a new master one after the other, and one that
/// still names the old one must not make them reconnect for ever.
const MAX_RECONNECTS: u32 = 3;
/// The longest that restoring one component may take.
const RESTORE_TIMEOUT: Duration = Duration::from_secs(10);

/// What the loop remembers between two rounds.
struct Watch {
    delays: ExponentialBackoff,
    was_healthy: Option<bool>,
    master_checks_left: u32,
    reconnects: u32,
}

impl Watch {
    fn new() -> Self {
        Self {
            delays: reconnect_delays(),
            was_healthy: None,
            master_checks_left: 0,
            reconnects: 0,
        }
    }

    /// How long the loop waits for events before its next round.
    fn next_wait(&mut self, is_healthy: bool) -> Duration {
        if is_healthy {
            self.delays = reconnect_delays();
            return HEARTBEAT;
        }
        self.master_checks_left = MASTER_CHECKS;
        self.delays.next().unwrap_or(MAX_DELAY)
    }
}

fn reconnect_delays() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_DELAY)
        .with_max_delay(MAX_DELAY)
        .without_max_times()
        .build()
}

impl ConnectionMonitor {
    /// Watches the connections for ever.
    ///
    /// # Errors
    /// When a client ended, which it does not by itself; call this again to connect anew.
    pub(crate) async fn watch(&self) -> Result<(), BoxError> {
        if !self.is_shutting_down() && self.ensure_connecting() {
            tracing::debug!(server = self.name, "reconnecting to Redis");
        }
        let mut events = ConnectionEvents::subscribe(&[&self.commands, &self.subscriber]);
        let mut watch = Watch::new();
        self.reset();
        loop {
            if self.is_shutting_down() {
                return std::future::pending().await;
            }
            let is_healthy = self.restore().await;
            if watch.was_healthy != Some(is_healthy) {
                self.log_change(is_healthy, watch.was_healthy);
                watch.was_healthy = Some(is_healthy);
            }
            if is_healthy {
                self.restored_once.send_replace(true);
            }
            let wait = watch.next_wait(is_healthy);
            tokio::select! {
                event = events.next() => {
                    let reason = events.drain(event);
                    self.handle_event(reason, is_healthy).await;
                }
                () = self.wake.notified() => {}
                () = tokio::time::sleep(wait) => {
                    if !self.is_shutting_down() && self.is_client_ended() {
                        self.mark_lost("the client ended");
                        return Err("a Redis client ended".into());
                    }
                    if is_healthy {
                        self.check(&mut watch).await;
                    }
                }
            }
        }
    }

    /// Restores what is not restored yet; true when everything works afterwards.
    async fn restore(&self) -> bool {
        if !self.is_subscribed() {
            // Set before, so that a channel added meanwhile is noticed.
            self.subscribed.send_replace(true);
            if let Err(error) = with_timeout(connect::COMMAND_TIMEOUT * 4, self.set_up_subscriptions()).await
            {
                self.subscribed.send_replace(false);
                self.mark_lost(&error.to_string());
                return false;
            }
        }
        let mut index = 0;
        let mut is_healthy = true;
        loop {
            let (breaker, restore, probe_key) = {
                let mut components = locked(&self.components);
                let Some(component) = components.get_mut(index) else {
                    return is_healthy;
                };
                index += 1;
                if component.is_restored && !component.breaker.is_open() && !component.restore.has_pending() {
                    continue;
                }
                component.is_restored = true;
                (
                    component.breaker.clone(),
                    component.restore.clone(),
                    component.probe_key.clone(),
                )
            };
            let restored = async {
                let _: i64 = self.commands.exists(probe_key).await?;
                restore.restore(&self.commands).await
            };
            match with_timeout(RESTORE_TIMEOUT, restored).await {
                Ok(()) if self.is_subscribed() => breaker.close(),
                Ok(()) => is_healthy = false,
                Err(error) => {
                    tracing::debug!(component = breaker.name(), %error, "not restored yet");
                    breaker.open(&error.to_string());
                    is_healthy = false;
                    // Is it this component alone, or the whole connection?
                    if let Err(error) = self.heartbeat().await {
                        self.mark_lost(&error.to_string());
                        return false;
                    }
                }
            }
        }
    }

    async fn handle_event(&self, loss: Option<String>, was_healthy: bool) {
        if let Some(reason) = &loss {
            locked(&self.last_error).clone_from(reason);
        }
        match loss {
            // The error may be of an old connection, reported after a new one was made.
            Some(reason) if was_healthy && !self.is_responsive().await => self.mark_lost(&reason),
            _ => self.reset(),
        }
    }

    /// The periodic check of a connection that works.
    async fn check(&self, watch: &mut Watch) {
        if let Err(error) = self.heartbeat().await {
            self.mark_lost(&error.to_string());
        } else if watch.master_checks_left > 0 {
            watch.master_checks_left -= 1;
            if watch.reconnects < MAX_RECONNECTS && !self.is_on_master().await {
                watch.reconnects += 1;
            }
        } else {
            // The next loss is a new one.
            watch.reconnects = 0;
        }
    }

    /// Whether the connections go to the server that the sentinels call the master; if not, the clients reconnect.
    async fn is_on_master(&self) -> bool {
        let Some((host, port)) = sentinel::master(&self.address).await else {
            return true;
        };
        let mut is_on_master = true;
        for client in [&self.commands, &self.subscriber] {
            let servers = client.active_connections();
            if servers
                .iter()
                .all(|server| *server.host == *host && server.port == port)
            {
                continue;
            }
            is_on_master = false;
            tracing::info!(
                server = self.name,
                "the sentinels named a new Redis master; reconnecting to it"
            );
            // Others are not kept waiting by a server that accepts connections and says nothing.
            if let Err(error) = with_timeout(connect::COMMAND_TIMEOUT * 4, client.force_reconnection()).await
            {
                tracing::debug!(%error, "not reconnected yet");
            }
        }
        is_on_master
    }

    async fn set_up_subscriptions(&self) -> Result<(), Error> {
        let channels = locked(&self.channels).clone();
        if !channels.is_empty() {
            self.subscriber.subscribe(channels).await?;
        }
        let prefixes = locked(&self.prefixes).clone();
        tracking::start(&self.subscriber, self.is_clustered(), &prefixes).await
    }

    async fn heartbeat(&self) -> Result<(), Error> {
        let is_tracked = !locked(&self.prefixes).is_empty();
        let commands = self.commands.ping::<()>(None);
        try_join(
            commands,
            tracking::check(&self.subscriber, self.is_clustered(), is_tracked),
        )
        .await?;
        Ok(())
    }

    async fn is_responsive(&self) -> bool {
        let both = try_join(self.commands.ping::<()>(None), self.subscriber.ping::<()>(None));
        matches!(tokio::time::timeout(PING_TIMEOUT, both).await, Ok(Ok(_)))
    }

    fn log_change(&self, is_healthy: bool, was_healthy: Option<bool>) {
        match (is_healthy, was_healthy) {
            (true, Some(false)) => tracing::info!(server = self.name, "the Redis connection is restored"),
            (true, _) => tracing::debug!(server = self.name, "connected to Redis"),
            (false, _) => tracing::warn!(
                server = self.name,
                address = %self.address,
                reason = *locked(&self.last_error),
                "the Redis connection is lost; this instance continues with local state only"
            ),
        }
    }
}

async fn with_timeout<T>(
    timeout: Duration,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::time::timeout(timeout, work)
        .await
        .unwrap_or_else(|_| Err(Error::new(ErrorKind::Timeout, "timed out")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_a_second_and_start_again_after_a_restored_connection() {
        let mut watch = Watch::new();
        let mut lost = |times: usize| -> Vec<u128> {
            let delays = (0..times).map(|_| watch.next_wait(false).as_millis()).collect();
            assert_eq!(watch.next_wait(true), HEARTBEAT);
            delays
        };
        assert_eq!(lost(6), [100, 200, 400, 800, 1_000, 1_000]);
        assert_eq!(lost(1), [100]);
    }
}
