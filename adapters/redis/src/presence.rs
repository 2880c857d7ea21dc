//! Who has pages open: `{p}:session_pool`, page -> user JSON, as the reference writes it, mirrored in this process so
//! that nobody waits for Redis to ask. This instance's pages are known here first; those of other Keelson
//! instances come over `{p}:keelson:pages`; those of the reference are looked for every half minute.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use fred::error::Error;
use fred::prelude::*;
use fred::types::Message;
use futures_util::future::try_join_all;
use keelson_domain::realtime::{Presence, SocketId};
use keelson_domain::shared::{BoxError, Clock, StoreResult};
use keelson_domain::user::{User, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use crate::breaker::Breaker;
use crate::lease::Lease;
use crate::line::{Line, Restore};
use crate::mirror::Mirror;
use crate::names::Names;
use crate::{usage, user};

/// How often the pool is looked through for pages that nobody told of.
const LOOK: Duration = Duration::from_secs(30);
/// Changes that may wait to be written; with more, the pool is brought in line as after an outage.
const QUEUE: usize = 8192;
const BATCH: usize = 256;

/// News of a page on the channel; no user means that it closed.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct News {
    pub(crate) instance: String,
    pub(crate) page: SocketId,
    pub(crate) user: Option<UserId>,
}

/// What is to be written.
enum Write {
    Enter(SocketId, UserId, Arc<str>),
    Exit(SocketId),
    Use(SocketId, String),
}

/// See the module.
pub(crate) struct RedisPresence {
    line: Arc<Line>,
    lease: Arc<Lease>,
    breaker: Arc<Breaker>,
    names: Names,
    clock: Arc<dyn Clock>,
    mirror: Mutex<Mirror>,
    queue: mpsc::Sender<Write>,
    waiting: tokio::sync::Mutex<mpsc::Receiver<Write>>,
    news: tokio::sync::Mutex<Receiver<Message>>,
    owes: AtomicBool,
}

impl RedisPresence {
    pub(crate) fn new(
        line: &Arc<Line>,
        lease: &Arc<Lease>,
        names: &Names,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        let breaker = line.breaker("presence");
        let news = line.hear(&names.pages());
        let (queue, waiting) = mpsc::channel(QUEUE);
        let this = Arc::new(Self {
            line: line.clone(),
            lease: lease.clone(),
            breaker: breaker.clone(),
            names: names.clone(),
            clock,
            mirror: Mutex::default(),
            queue,
            waiting: tokio::sync::Mutex::new(waiting),
            news: tokio::sync::Mutex::new(news),
            owes: AtomicBool::new(false),
        });
        line.attach(breaker, this.clone(), names.session_pool());
        this
    }

    fn mirror(&self) -> MutexGuard<'_, Mirror> {
        self.mirror.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn instance(&self) -> &str {
        self.lease.instance().as_str()
    }

    /// Hands a change over to the writing loop; without waiting, and without loss that is not made up for.
    fn hand_over(&self, write: Write) {
        let matters = !matches!(write, Write::Use(..));
        if (self.breaker.is_open() || self.queue.try_send(write).is_err()) && matters {
            self.owes.store(true, Ordering::SeqCst);
        }
    }

    /// Writes what is handed over, in order, for ever.
    pub(crate) async fn write(&self) -> Result<(), BoxError> {
        let mut waiting = self.waiting.lock().await;
        let mut batch = Vec::with_capacity(BATCH);
        while waiting.recv_many(&mut batch, BATCH).await > 0 {
            let redis = self.line.redis();
            // Polled in order, so sent in order over the one connection to each server.
            let writes = try_join_all(batch.drain(..).map(|write| self.apply(redis, write)));
            if self.breaker.attempt(writes).await.is_none() {
                self.owes.store(true, Ordering::SeqCst);
            }
        }
        Err("pages cannot be written any more".into())
    }

    async fn apply(&self, redis: &Client, write: Write) -> Result<(), Error> {
        match write {
            Write::Enter(page, user, text) => self.announce(redis, page, user, &text).await,
            Write::Exit(page) => {
                let news = self.news_of(page.clone(), None);
                tokio::try_join!(
                    redis.hdel::<i64, _, _>(self.names.session_pool(), page.as_str()),
                    redis.srem::<i64, _, _>(self.names.pages_of(self.instance()), page.as_str()),
                    redis.publish::<i64, _, _>(self.names.pages(), news),
                )
                .map(drop)
            }
            Write::Use(page, model) => {
                let now = self.clock.now().seconds();
                usage::note(redis, self.names.usage_pool(), &model, page.as_str(), now).await
            }
        }
    }

    async fn announce(&self, redis: &Client, page: SocketId, user: UserId, text: &str) -> Result<(), Error> {
        let news = self.news_of(page.clone(), Some(user));
        tokio::try_join!(
            redis.sadd::<i64, _, _>(self.names.pages_of(self.instance()), page.as_str()),
            redis.hset::<i64, _, _>(self.names.session_pool(), (page.as_str(), text)),
            redis.publish::<i64, _, _>(self.names.pages(), news),
        )
        .map(drop)
    }

    fn news_of(&self, page: SocketId, user: Option<UserId>) -> String {
        let instance = self.instance().to_owned();
        serde_json::to_string(&News { instance, page, user }).unwrap_or_default()
    }

    /// Follows what other instances tell, and looks for what nobody tells, for ever.
    pub(crate) async fn follow(&self) -> Result<(), BoxError> {
        let mut news = self.news.lock().await;
        let channel = self.names.pages();
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                message = news.recv() => match message {
                    Ok(message) if *message.channel == *channel => self.heard(&message),
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => self.owes.store(true, Ordering::SeqCst),
                    Err(RecvError::Closed) => return self.line.deaf("nothing is heard of other pages any more").await,
                },
                _ = look.tick() => {
                    self.breaker.attempt(self.look(self.line.redis())).await;
                }
            }
        }
    }

    fn heard(&self, message: &Message) {
        let news = message.value.as_str();
        match news.as_deref().map(serde_json::from_str::<News>) {
            Some(Ok(news)) if news.instance == self.instance() => {}
            Some(Ok(news)) => self.mirror().tell(news.page, news.user),
            _ => tracing::debug!("news of a page that cannot be read"),
        }
    }

    /// Brings the mirror of others' pages in line with the pool: reads all ids, and the users of those not known yet.
    async fn look(&self, redis: &Client) -> Result<(), Error> {
        self.mirror().begin();
        match self.find(redis).await {
            Ok(found) => {
                self.mirror().end(Some(found));
                Ok(())
            }
            Err(error) => {
                self.mirror().end(None);
                Err(error)
            }
        }
    }

    async fn find(&self, redis: &Client) -> Result<HashMap<SocketId, UserId>, Error> {
        let ids: Vec<String> = redis.hkeys(self.names.session_pool()).await?;
        let (mut found, mut unknown) = (HashMap::new(), Vec::new());
        {
            let mirror = self.mirror();
            for id in ids.into_iter().map(SocketId::from) {
                if mirror.users.contains_key(&id) {
                    continue;
                }
                match mirror.known.get(&id) {
                    Some(user) => {
                        found.insert(id, user.clone());
                    }
                    None => unknown.push(id.into_string()),
                }
            }
        }
        for ids in unknown.chunks(BATCH) {
            let users: Vec<Option<String>> = redis.hmget(self.names.session_pool(), ids.to_vec()).await?;
            for (id, text) in ids.iter().zip(users) {
                if let Some(user) = text.as_deref().and_then(user::id_of) {
                    found.insert(SocketId::from(id.as_str()), user);
                }
            }
        }
        Ok(found)
    }

    /// Removes this instance's pages, also those whose end was not written yet.
    pub(crate) async fn close(&self) {
        let redis = self.line.redis();
        let removed = async {
            let pages: Vec<String> = redis.smembers(self.names.pages_of(self.instance())).await?;
            for pages in pages.chunks(BATCH) {
                let exits = pages
                    .iter()
                    .map(|page| self.apply(redis, Write::Exit(page.as_str().into())));
                try_join_all(exits).await?;
            }
            Ok(())
        };
        self.breaker.attempt(removed).await;
    }
}

#[async_trait]
impl Restore for RedisPresence {
    async fn restore(&self, redis: &Client) -> Result<(), Error> {
        self.owes.store(false, Ordering::SeqCst);
        let own: Vec<_> = {
            let mirror = self.mirror();
            let users = mirror.users.iter().filter_map(|(page, text)| {
                let user = mirror.own.user_of(page)?;
                Some((page.clone(), user, text.clone()))
            });
            users.collect()
        };
        let written: Vec<String> = redis.smembers(self.names.pages_of(self.instance())).await?;
        let closed: Vec<SocketId> = {
            let mirror = self.mirror();
            let written = written.into_iter().map(SocketId::from);
            written.filter(|page| !mirror.users.contains_key(page)).collect()
        };
        try_join_all(
            closed
                .into_iter()
                .map(|page| self.apply(redis, Write::Exit(page))),
        )
        .await?;
        for own in own.chunks(BATCH) {
            let writes = own
                .iter()
                .map(|(page, user, text)| self.announce(redis, page.clone(), user.clone(), text));
            try_join_all(writes).await?;
        }
        self.look(redis).await
    }

    fn owes(&self) -> bool {
        self.owes.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Presence for RedisPresence {
    async fn enter(&self, socket: &SocketId, user: &User) -> StoreResult<()> {
        let text: Arc<str> = user::text(user).into();
        {
            let mut mirror = self.mirror();
            mirror.own.enter(socket.clone(), user.id.clone());
            mirror.users.insert(socket.clone(), text.clone());
        }
        self.hand_over(Write::Enter(socket.clone(), user.id.clone(), text));
        Ok(())
    }

    async fn exit(&self, socket: &SocketId) -> StoreResult<()> {
        let was_own = {
            let mut mirror = self.mirror();
            mirror.own.exit(socket);
            mirror.users.remove(socket).is_some()
        };
        if was_own {
            self.hand_over(Write::Exit(socket.clone()));
        }
        Ok(())
    }

    async fn user_of(&self, socket: &SocketId) -> StoreResult<Option<UserId>> {
        let mirror = self.mirror();
        Ok(mirror
            .own
            .user_of(socket)
            .or_else(|| mirror.others.user_of(socket)))
    }

    async fn sockets_of(&self, user: &UserId) -> StoreResult<Vec<SocketId>> {
        let mirror = self.mirror();
        let mut sockets = mirror.own.sockets_of(user);
        sockets.extend(mirror.others.sockets_of(user));
        Ok(sockets)
    }

    async fn use_model(&self, socket: &SocketId, model: &str) -> StoreResult<()> {
        let now = self.clock.now();
        if self.mirror().own.use_model(socket, model, now) {
            self.hand_over(Write::Use(socket.clone(), model.to_owned()));
        }
        Ok(())
    }

    async fn models_in_use(&self) -> StoreResult<Vec<String>> {
        let now = self.clock.now();
        let own = self.mirror().own.models_in_use(now);
        let pool = usage::models(self.line.redis(), self.names.usage_pool(), now.seconds());
        let mut models = self.breaker.attempt(pool).await.unwrap_or_default();
        models.extend(own);
        Ok(models.into_iter().collect())
    }
}
