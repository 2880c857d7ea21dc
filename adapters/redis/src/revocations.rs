//! Revoked tokens. Reads use a set in this process, so that no request waits for Redis; it is fed by tracking (the name
//! of the changed key says which token) and by a scan after every reconnect. What was revoked here is written again
//! whenever Redis may have lost it: a restart of Redis makes no revoked token valid.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fred::error::{Error, ErrorKind};
use fred::prelude::*;
use fred::types::client::Invalidation;
use futures_util::future::try_join_all;
use futures_util::{Stream, TryStreamExt, pin_mut};
use keelson_domain::auth::TokenRevocations;
use keelson_domain::shared::{BoxError, Clock, StoreResult, Timestamp};
use tokio::sync::broadcast::Receiver;

use crate::breaker::Breaker;
use crate::connect::COMMAND_TIMEOUT;
use crate::keys::Keys;
use crate::monitor::{ConnectionMonitor, Restore};
use crate::tracking::{self, Changed};

/// How long a token is refused whose expiry is not known yet; Redis tells it a moment later.
const UNKNOWN_EXPIRY_SECONDS: i64 = 24 * 60 * 60;
/// From how many entries on expired ones are removed.
const SWEEP_AT: usize = 1024;

/// See the module.
pub(crate) struct RedisRevocations {
    monitor: Arc<ConnectionMonitor>,
    breaker: Arc<Breaker>,
    keys: Keys,
    clock: Arc<dyn Clock>,
    revoked: Mutex<Revoked>,
    changes: tokio::sync::Mutex<Receiver<Invalidation>>,
    has_pending: AtomicBool,
}

/// The keys that a scan finds. The client bounds the time of every command but this one: when its connection breaks in the
/// middle it never ends, and whatever is to be restored behind it waits.
async fn gather(scan: impl Stream<Item = Result<Key, Error>>, patience: Duration) -> Result<Vec<Key>, Error> {
    pin_mut!(scan);
    let mut keys = Vec::new();
    loop {
        match tokio::time::timeout(patience, scan.try_next()).await {
            Ok(Ok(Some(key))) => keys.push(key),
            Ok(Ok(None)) => return Ok(keys),
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(Error::new(ErrorKind::Timeout, "a scan is not answered")),
        }
    }
}

#[derive(Default)]
struct Revoked {
    until: HashMap<String, Option<Timestamp>>,
    sweep_at: usize,
}

impl RedisRevocations {
    pub(crate) fn new(monitor: &Arc<ConnectionMonitor>, keys: &Keys, clock: Arc<dyn Clock>) -> Arc<Self> {
        let breaker = monitor.breaker("revocations");
        let changes = monitor.track(keys.tokens());
        let this = Arc::new(Self {
            monitor: monitor.clone(),
            breaker: breaker.clone(),
            keys: keys.clone(),
            clock,
            revoked: Mutex::default(),
            changes: tokio::sync::Mutex::new(changes),
            has_pending: AtomicBool::new(false),
        });
        monitor.register(breaker, this.clone(), keys.revoked("probe"));
        this
    }

    fn revoked(&self) -> MutexGuard<'_, Revoked> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, token_id: &str, until: Option<Timestamp>) {
        let now = self.clock.now();
        let mut revoked = self.revoked();
        if revoked.until.len() >= revoked.sweep_at.max(SWEEP_AT) {
            revoked
                .until
                .retain(|_, until| until.is_none_or(|until| until > now));
            revoked.sweep_at = revoked.until.len() * 2;
        }
        revoked.until.insert(token_id.to_owned(), until);
    }

    /// Follows what other instances revoke, for ever.
    pub(crate) async fn follow(&self) -> Result<(), BoxError> {
        let mut changes = self.changes.lock().await;
        let prefix = self.keys.tokens();
        while let Some(change) = tracking::next(&mut changes, &prefix).await {
            match change {
                Changed::Keys(keys) => {
                    for token_id in keys.iter().filter_map(|key| key.strip_suffix(":revoked")) {
                        self.handle_changed_key(token_id).await;
                    }
                }
                // Restoring reads what was missed, and writes what Redis lost.
                Changed::All => self.monitor.invalidate(),
            }
        }
        self.monitor
            .fail_closed_channel("the channel of changed token keys was closed")
            .await
    }

    /// A key changed: it was set, or it expired together with its token.
    async fn handle_changed_key(&self, token_id: &str) {
        let known = self.revoked().until.contains_key(token_id);
        if !known {
            let expiry = self.clock.now().plus_seconds(UNKNOWN_EXPIRY_SECONDS);
            self.insert(token_id, Some(expiry));
        }
        let ttl = self.monitor.redis().pttl::<i64, _>(self.keys.revoked(token_id));
        match self.breaker.attempt(ttl).await {
            // No such key: the token expired, or somebody removed the key; what was refused here stays refused.
            Some(-2) | None => {}
            Some(ttl) => self.insert(token_id, self.expiry(ttl)),
        }
    }

    /// None for a key without expiry.
    fn expiry(&self, ttl_millis: i64) -> Option<Timestamp> {
        (ttl_millis >= 0).then(|| self.clock.now().plus_seconds(ttl_millis / 1000 + 1))
    }

    async fn write(&self, redis: &Client, token_id: &str, until: Option<Timestamp>) -> Result<(), Error> {
        let now = self.clock.now();
        let ttl = match until {
            Some(until) if until <= now => return Ok(()),
            Some(until) => Some(Expiration::EX((until.seconds() - now.seconds()).max(1))),
            None => None,
        };
        redis
            .set(self.keys.revoked(token_id), "1", ttl, None, false)
            .await
    }

    /// What Redis holds: token id and remaining milliseconds.
    async fn scan(&self, redis: &Client) -> Result<HashMap<String, i64>, Error> {
        let pattern = self.keys.revoked("*");
        let keys = if self.monitor.is_clustered() {
            gather(
                redis.scan_cluster_buffered(pattern, Some(1000), None),
                COMMAND_TIMEOUT,
            )
            .await?
        } else {
            gather(redis.scan_buffered(pattern, Some(1000), None), COMMAND_TIMEOUT).await?
        };
        let prefix = self.keys.tokens();
        let mut found = HashMap::new();
        for keys in keys.chunks(1000) {
            let ttls: Vec<i64> = try_join_all(keys.iter().map(|key| redis.pttl(key))).await?;
            for (key, ttl) in keys.iter().zip(ttls) {
                let token_id = key
                    .as_str()
                    .and_then(|key| key.strip_prefix(&prefix)?.strip_suffix(":revoked"));
                if let Some(token_id) = token_id
                    && ttl != -2
                {
                    found.insert(token_id.to_owned(), ttl);
                }
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl Restore for RedisRevocations {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.has_pending.store(false, Ordering::SeqCst);
        let found = self.scan(redis).await?;
        let lost: Vec<(String, Option<Timestamp>)> = self
            .revoked()
            .until
            .iter()
            .filter(|(token_id, _)| !found.contains_key(*token_id))
            .map(|(token_id, until)| (token_id.clone(), *until))
            .collect();
        for (token_id, ttl) in found {
            self.insert(&token_id, self.expiry(ttl));
        }
        for lost in lost.chunks(1000) {
            try_join_all(
                lost.iter()
                    .map(|(token_id, until)| self.write(redis, token_id, *until)),
            )
            .await?;
        }
        Ok(())
    }

    fn has_pending(&self) -> bool {
        self.has_pending.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TokenRevocations for RedisRevocations {
    async fn revoke(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()> {
        self.insert(token_id, until);
        let written = self
            .breaker
            .attempt(self.write(self.monitor.redis(), token_id, until));
        if written.await.is_none() {
            self.has_pending.store(true, Ordering::SeqCst);
        }
        Ok(())
    }

    async fn is_revoked(&self, token_id: &str) -> StoreResult<bool> {
        Ok(self.revoked().until.contains_key(token_id))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt, stream};

    use super::*;

    #[tokio::test]
    async fn a_scan_whose_connection_broke_ends() {
        let key = |name: &'static str| Ok(Key::from_static_str(name));
        let patience = Duration::from_millis(20);
        let whole = gather(stream::iter([key("a"), key("b")]), patience).await;
        assert_eq!(whole.unwrap().len(), 2);
        let lost = Error::new(ErrorKind::IO, "reset");
        for (broken, kind) in [
            (
                stream::iter([key("a")]).chain(stream::pending()).boxed(),
                ErrorKind::Timeout,
            ),
            (stream::pending().boxed(), ErrorKind::Timeout),
            (stream::iter([key("a"), Err(lost)]).boxed(), ErrorKind::IO),
        ] {
            assert_eq!(*gather(broken, patience).await.unwrap_err().kind(), kind);
        }
    }
}
