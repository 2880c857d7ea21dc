//! A socket server on memory adapters and SQLite in memory.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use keelson_application::access::AccessControl;
use keelson_application::auth::AuthError;
use keelson_application::config::{Layers, Settings};
use keelson_application::realtime::{Dependencies, Realtime, TokenVerifier};
use keelson_domain::access::AccessPolicy;
use keelson_domain::auth::{AuthMethod, Caller, Claims};
use keelson_domain::group::{Group, GroupId, GroupMembership};
use keelson_domain::realtime::{Audience, EventBus, Fanout};
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_domain::user::{Role, User, UserId};
use keelson_memory::config::{MemorySettings, NoopSettingsFeed};
use keelson_memory::realtime::{MemoryFanout, MemoryHub, MemoryPresence};
use keelson_memory::shared::FakeClock;
use keelson_sockets::{Options, RemoteInstances, Sockets};
use poem::listener::TcpAcceptor;
use poem::{EndpointExt, Route, Server};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::rows::Rows;

/// Knows the tokens that tests hand out: the token of `ann` is `ann-token`.
#[derive(Default)]
pub(super) struct FakeTokens(Mutex<HashMap<String, Caller>>);

impl FakeTokens {
    /// Adds a user and their session token.
    pub(super) fn add_user(&self, name: &str, role: Role) -> UserId {
        self.add(&format!("{name}-token"), name, role, AuthMethod::Token)
    }

    pub(super) fn add(&self, token: &str, name: &str, role: Role, method: AuthMethod) -> UserId {
        let user = Arc::new(user(name, role));
        let id = user.id.clone();
        self.0
            .lock()
            .unwrap()
            .insert(token.to_owned(), caller(user, method));
        id
    }

    pub(super) fn revoke(&self, token: &str) {
        self.0.lock().unwrap().remove(token);
    }
}

#[async_trait]
impl TokenVerifier for FakeTokens {
    fn claims(&self, token: &str) -> Option<Claims> {
        let users = self.0.lock().unwrap();
        Some(Claims {
            user: users.get(token)?.id().clone(),
            token_id: Some(token.to_owned()),
            issued_at: None,
            expires_at: None,
        })
    }

    fn forget(&self, _user: &UserId) {}

    async fn verify(&self, token: &str) -> Result<Caller, AuthError> {
        self.0
            .lock()
            .unwrap()
            .get(token)
            .cloned()
            .ok_or(AuthError::NotSignedIn)
    }
}

/// Nobody is in a group.
struct NoGroups;

#[async_trait]
impl GroupMembership for NoGroups {
    async fn of_user(&self, _user: &UserId) -> StoreResult<Vec<Group>> {
        Ok(Vec::new())
    }

    async fn of_users(&self, _: &[UserId]) -> StoreResult<HashMap<UserId, Vec<GroupId>>> {
        Ok(HashMap::new())
    }

    async fn add_member(&self, _: &GroupId, _: &UserId, _: &str, _: Timestamp) -> StoreResult<bool> {
        Err(StoreError::unavailable("there are no groups"))
    }

    async fn set_groups_by_name(&self, _: &UserId, _: &[String], _: Timestamp) -> StoreResult<()> {
        Err(StoreError::unavailable("there are no groups"))
    }

    async fn members(&self, _: &GroupId) -> StoreResult<Vec<UserId>> {
        Ok(Vec::new())
    }

    async fn remove_members(&self, _: &GroupId, _: &[UserId]) -> StoreResult<()> {
        Err(StoreError::unavailable("there are no groups"))
    }
}

/// A signed-in user.
pub(super) fn caller(user: Arc<User>, method: AuthMethod) -> Caller {
    Caller::new(user, method, None)
}

pub(super) fn user(name: &str, role: Role) -> User {
    let at = Timestamp::from_seconds(0);
    User {
        id: name.into(),
        name: name.to_uppercase(),
        email: format!("{name}@example.test"),
        role,
        profile_image_url: String::new(),
        profile_banner_image_url: None,
        username: None,
        bio: None,
        gender: None,
        date_of_birth: None,
        timezone: None,
        presence_state: None,
        status_emoji: None,
        status_message: None,
        status_expires_at: None,
        settings: None,
        info: None,
        oauth: None,
        last_active_at: at,
        created_at: at,
        updated_at: at,
    }
}

/// The defaults, with channels switched on.
async fn settings() -> Settings {
    let layers = Layers {
        environment: HashMap::from([("ENABLE_CHANNELS", Value::Bool(true))]),
        ..Layers::default()
    };
    Settings::load(
        Arc::new(MemorySettings::default()),
        Arc::new(NoopSettingsFeed),
        layers,
    )
    .await
    .unwrap()
}

/// What several instances share: a database and Redis, here in memory.
#[derive(Clone)]
pub(super) struct Instances {
    hub: MemoryHub,
    tokens: Arc<FakeTokens>,
    clock: Arc<FakeClock>,
    presence: Arc<MemoryPresence>,
    rows: Rows,
}

impl Instances {
    pub(super) async fn new() -> Self {
        let clock = Arc::new(FakeClock::at(1_000_000));
        Self {
            hub: MemoryHub::default(),
            tokens: Arc::default(),
            presence: Arc::new(MemoryPresence::new(clock.clone())),
            clock,
            rows: Rows::new().await,
        }
    }

    /// Starts an instance and waits until it receives what the others send.
    pub(super) async fn start(&self, name: &str) -> SocketServer {
        let fanout: Arc<dyn Fanout> = Arc::new(self.hub.join(name));
        let remote = RemoteInstances {
            fanout,
            presence: self.presence.clone(),
        };
        let before = self.hub.listeners();
        let sockets = Sockets::with_remote(Options::default(), remote);
        let mut server = SocketServer::build(self, sockets, AccessPolicy::default()).await;
        server.listen();
        eventually("the instance receives", async || self.hub.listeners() > before).await;
        server
    }

    /// Disconnects the instances from each other, and waits until they have reconnected.
    pub(super) async fn disconnect(&self) {
        let instances = self.hub.listeners();
        self.hub.disconnect_all();
        eventually("the instances have reconnected", async || {
            self.hub.listeners() == instances
        })
        .await;
    }

    /// The fan-out of an instance without clients.
    pub(super) fn fanout(&self, name: &str) -> MemoryFanout {
        self.hub.join(name)
    }
}

pub(super) struct SocketServer {
    pub(super) address: SocketAddr,
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) realtime: Arc<Realtime>,
    pub(super) tokens: Arc<FakeTokens>,
    pub(super) clock: Arc<FakeClock>,
    pub(super) presence: Arc<MemoryPresence>,
    pub(super) rows: Rows,
    pub(super) sockets: Sockets,
    tasks: Vec<JoinHandle<()>>,
}

impl Drop for SocketServer {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

impl SocketServer {
    pub(super) async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub(super) async fn start_with(options: Options) -> Self {
        Self::build(
            &Instances::new().await,
            Sockets::new(options),
            AccessPolicy::default(),
        )
        .await
    }

    /// Starts one where only admins see how many people are active.
    pub(super) async fn start_with_private_user_count() -> Self {
        let policy = AccessPolicy {
            public_active_users_count: false,
            ..AccessPolicy::default()
        };
        Self::build(&Instances::new().await, Sockets::new(Options::default()), policy).await
    }

    async fn build(instances: &Instances, sockets: Sockets, policy: AccessPolicy) -> Self {
        let bus = sockets.bus();
        let shared = instances.clone();
        let settings = Arc::new(settings().await);
        let realtime = Arc::new(Realtime::new(Dependencies {
            tokens: shared.tokens.clone(),
            access: Arc::new(AccessControl::with_groups(
                Arc::new(NoGroups),
                settings.clone(),
                policy,
            )),
            settings,
            clock: shared.clock.clone(),
            events: bus.clone(),
            presence: shared.presence.clone(),
            channels: shared.rows.membership.clone(),
            notes: shared.rows.note_heads.clone(),
            activity: shared.rows.activity.clone(),
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let route = Route::new()
            .nest(keelson_sockets::PATH, sockets.endpoint(realtime.clone()))
            .map_to_response();
        let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
        let serving = tokio::spawn(async move {
            Server::new_with_acceptor(acceptor).run(route).await.unwrap();
        });
        Self {
            address,
            bus,
            realtime,
            tokens: shared.tokens,
            clock: shared.clock,
            presence: shared.presence,
            rows: shared.rows,
            sockets,
            tasks: vec![serving],
        }
    }

    /// Handles what other instances send, also after a lost connection.
    fn listen(&mut self) {
        let sockets = self.sockets.clone();
        self.tasks.push(tokio::spawn(async move {
            while sockets.listen(&CancellationToken::new()).await.is_err() {}
        }));
    }

    /// Emits a numbered event to a user.
    pub(super) async fn emit_number(&self, user: &UserId, number: u64) {
        self.bus
            .emit(
                &Audience::User(user.clone()),
                "events",
                &json!({"number": number}),
            )
            .await;
    }

    pub(super) fn url(&self, query: &str) -> String {
        format!("http://{}{}/?{query}", self.address, keelson_sockets::PATH)
    }
}

/// Waits until something holds, at most 5 s.
pub(super) async fn eventually<F, Fut>(what: &str, mut holds: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = bool>,
{
    for _ in 0..500 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within 5 s: {what}");
}

/// A client for plain HTTP.
pub(super) fn http() -> reqwest::Client {
    // Fails when another test installed it first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
