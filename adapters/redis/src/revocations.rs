//! Revoked tokens. What is read is a set in this process, so that no request waits for Redis; it is fed by tracking
//! (the name of the changed key says which token) and by a scan after every reconnect. What was revoked here is
//! written again whenever Redis may have lost it; a restart of Redis makes no revoked token valid.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use fred::types::client::Invalidation;
use futures_util::future::try_join_all;
use futures_util::{TryStreamExt, pin_mut};
use keelson_domain::auth::TokenRevocations;
use keelson_domain::shared::{BoxError, Clock, StoreResult, Timestamp};
use tokio::sync::broadcast::Receiver;

use crate::breaker::Breaker;
use crate::line::{Line, Restore};
use crate::names::Names;
use crate::tracking::{self, Changed};

/// How long a token stays refused whose end is not known yet; its real end follows from Redis.
const UNKNOWN_END_SECONDS: i64 = 24 * 60 * 60;
/// More entries than this are looked through for those that ended.
const SWEEP_AT: usize = 1024;

/// See the module.
pub(crate) struct RedisRevocations {
    line: Arc<Line>,
    breaker: Arc<Breaker>,
    names: Names,
    clock: Arc<dyn Clock>,
    revoked: Mutex<Revoked>,
    changes: tokio::sync::Mutex<Receiver<Invalidation>>,
    owes: AtomicBool,
}

#[derive(Default)]
struct Revoked {
    until: HashMap<String, Option<Timestamp>>,
    sweep_at: usize,
}

impl RedisRevocations {
    pub(crate) fn new(line: &Arc<Line>, names: &Names, clock: Arc<dyn Clock>) -> Arc<Self> {
        let breaker = line.breaker("revocations");
        let changes = line.track(names.tokens());
        let this = Arc::new(Self {
            line: line.clone(),
            breaker: breaker.clone(),
            names: names.clone(),
            clock,
            revoked: Mutex::default(),
            changes: tokio::sync::Mutex::new(changes),
            owes: AtomicBool::new(false),
        });
        line.attach(breaker, this.clone(), names.revoked("probe"));
        this
    }

    fn revoked(&self) -> MutexGuard<'_, Revoked> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, token_id: &str, until: Option<Timestamp>) {
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

    /// Follows what others revoke, for ever.
    pub(crate) async fn follow(&self) -> Result<(), BoxError> {
        let mut changes = self.changes.lock().await;
        let prefix = self.names.tokens();
        while let Some(change) = tracking::next(&mut changes, &prefix).await {
            match change {
                Changed::Keys(keys) => {
                    for token_id in keys.iter().filter_map(|key| key.strip_suffix(":revoked")) {
                        self.heard(token_id).await;
                    }
                }
                // Restoring reads what was missed, and writes what Redis has lost.
                Changed::All => self.line.doubt(),
            }
        }
        self.line
            .deaf("nothing is heard of revoked tokens any more")
            .await
    }

    /// A key changed: it was set, or it ended together with its token.
    async fn heard(&self, token_id: &str) {
        let known = self.revoked().until.contains_key(token_id);
        if !known {
            let end = self.clock.now().plus_seconds(UNKNOWN_END_SECONDS);
            self.note(token_id, Some(end));
        }
        let life = self.line.redis().pttl::<i64, _>(self.names.revoked(token_id));
        match self.breaker.attempt(life).await {
            // Gone: the token has ended, or somebody let it count again; what was refused here stays refused.
            Some(-2) | None => {}
            Some(life) => self.note(token_id, self.end(life)),
        }
    }

    fn end(&self, life_millis: i64) -> Option<Timestamp> {
        (life_millis >= 0).then(|| self.clock.now().plus_seconds(life_millis / 1000 + 1))
    }

    async fn write(&self, redis: &Client, token_id: &str, until: Option<Timestamp>) -> Result<(), Error> {
        let now = self.clock.now();
        let life = match until {
            Some(until) if until <= now => return Ok(()),
            Some(until) => Some(Expiration::EX((until.seconds() - now.seconds()).max(1))),
            None => None,
        };
        redis
            .set(self.names.revoked(token_id), "1", life, None, false)
            .await
    }

    /// What Redis holds: token id and remaining life.
    async fn scan(&self, redis: &Client) -> Result<HashMap<String, i64>, Error> {
        let pattern = self.names.revoked("*");
        let keys: Vec<Key> = if self.line.is_clustered() {
            let scan = redis.scan_cluster_buffered(pattern, Some(1000), None);
            pin_mut!(scan);
            scan.try_collect().await?
        } else {
            let scan = redis.scan_buffered(pattern, Some(1000), None);
            pin_mut!(scan);
            scan.try_collect().await?
        };
        let prefix = self.names.tokens();
        let mut found = HashMap::new();
        for keys in keys.chunks(1000) {
            let lives: Vec<i64> = try_join_all(keys.iter().map(|key| redis.pttl(key))).await?;
            for (key, life) in keys.iter().zip(lives) {
                let token_id = key
                    .as_str()
                    .and_then(|key| key.strip_prefix(&prefix)?.strip_suffix(":revoked"));
                if let Some(token_id) = token_id
                    && life != -2
                {
                    found.insert(token_id.to_owned(), life);
                }
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl Restore for RedisRevocations {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.owes.store(false, Ordering::SeqCst);
        let found = self.scan(redis).await?;
        let lost: Vec<(String, Option<Timestamp>)> = self
            .revoked()
            .until
            .iter()
            .filter(|(token_id, _)| !found.contains_key(*token_id))
            .map(|(token_id, until)| (token_id.clone(), *until))
            .collect();
        for (token_id, life) in found {
            self.note(&token_id, self.end(life));
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

    fn owes(&self) -> bool {
        self.owes.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl TokenRevocations for RedisRevocations {
    async fn revoke(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()> {
        self.note(token_id, until);
        let written = self
            .breaker
            .attempt(self.write(self.line.redis(), token_id, until));
        if written.await.is_none() {
            self.owes.store(true, Ordering::SeqCst);
        }
        Ok(())
    }

    async fn is_revoked(&self, token_id: &str) -> StoreResult<bool> {
        Ok(self.revoked().until.contains_key(token_id))
    }
}
