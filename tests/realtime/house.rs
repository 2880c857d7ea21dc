//! A socket server with memory twins behind it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use keelson_application::auth::AuthError;
use keelson_application::config::{Layers, Settings};
use keelson_application::realtime::{Doorkeeper, Parts, Realtime};
use keelson_domain::auth::{AuthMethod, Caller};
use keelson_domain::realtime::{Audience, EventBus, Fanout};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::{Role, User, UserId};
use keelson_memory::channel::MemoryChannels;
use keelson_memory::config::{MemorySettings, NoFeed};
use keelson_memory::note::MemoryNotes;
use keelson_memory::realtime::{MemoryFanout, MemoryHub, MemoryPresence};
use keelson_memory::shared::FakeClock;
use keelson_memory::user::MemoryActivity;
use keelson_sockets::{Fleet, Options, Sockets};
use poem::listener::TcpAcceptor;
use poem::{EndpointExt, Route, Server};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Knows the tokens that tests hand out: the token of `ann` is `ann-token`.
#[derive(Default)]
pub(super) struct Door(Mutex<HashMap<String, Caller>>);

impl Door {
    pub(super) fn admit(&self, name: &str, role: Role) -> UserId {
        self.set(&format!("{name}-token"), name, role, AuthMethod::Token)
    }

    pub(super) fn set(&self, token: &str, name: &str, role: Role, method: AuthMethod) -> UserId {
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
impl Doorkeeper for Door {
    async fn caller(&self, token: &str) -> Result<Caller, AuthError> {
        self.0
            .lock()
            .unwrap()
            .get(token)
            .cloned()
            .ok_or(AuthError::NotSignedIn)
    }
}

/// Somebody who is signed in.
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
    Settings::load(Arc::new(MemorySettings::default()), Arc::new(NoFeed), layers)
        .await
        .unwrap()
}

/// What the houses of one street share, as instances share a database and Redis.
#[derive(Clone)]
pub(super) struct Street {
    hub: MemoryHub,
    door: Arc<Door>,
    clock: Arc<FakeClock>,
    presence: Arc<MemoryPresence>,
    channels: Arc<MemoryChannels>,
    notes: Arc<MemoryNotes>,
    activity: Arc<MemoryActivity>,
}

impl Street {
    pub(super) fn new() -> Self {
        let clock = Arc::new(FakeClock::at(1_000_000));
        Self {
            hub: MemoryHub::default(),
            door: Arc::default(),
            presence: Arc::new(MemoryPresence::new(clock.clone())),
            clock,
            channels: Arc::default(),
            notes: Arc::default(),
            activity: Arc::default(),
        }
    }

    /// A house that reaches the pages of the others; waits until they reach its own.
    pub(super) async fn house(&self, name: &str) -> House {
        let fanout: Arc<dyn Fanout> = Arc::new(self.hub.join(name));
        let fleet = Fleet {
            fanout,
            presence: self.presence.clone(),
        };
        let before = self.hub.listeners();
        let sockets = Sockets::in_fleet(Options::default(), fleet);
        let mut house = House::built(self, sockets, true).await;
        house.listen();
        eventually("the house listens", async || self.hub.listeners() > before).await;
        house
    }

    /// Cuts the lines between the houses, and waits until they have them again.
    pub(super) async fn cut_lines(&self) {
        let houses = self.hub.listeners();
        self.hub.cut();
        eventually("the houses listen again", async || self.hub.listeners() == houses).await;
    }

    /// Somebody who takes part without having pages.
    pub(super) fn stranger(&self, name: &str) -> MemoryFanout {
        self.hub.join(name)
    }
}

pub(super) struct House {
    pub(super) address: SocketAddr,
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) realtime: Arc<Realtime>,
    pub(super) door: Arc<Door>,
    pub(super) clock: Arc<FakeClock>,
    pub(super) presence: Arc<MemoryPresence>,
    pub(super) channels: Arc<MemoryChannels>,
    pub(super) notes: Arc<MemoryNotes>,
    pub(super) activity: Arc<MemoryActivity>,
    pub(super) sockets: Sockets,
    running: Vec<JoinHandle<()>>,
}

impl Drop for House {
    fn drop(&mut self) {
        for running in &self.running {
            running.abort();
        }
    }
}

impl House {
    pub(super) async fn open() -> Self {
        Self::with(Options::default()).await
    }

    pub(super) async fn with(options: Options) -> Self {
        Self::built(&Street::new(), Sockets::new(options), true).await
    }

    /// Where only admins see how many people are active.
    pub(super) async fn private() -> Self {
        Self::built(&Street::new(), Sockets::new(Options::default()), false).await
    }

    async fn built(street: &Street, sockets: Sockets, public_user_count: bool) -> Self {
        let bus = sockets.bus();
        let shared = street.clone();
        let realtime = Arc::new(Realtime::new(Parts {
            door: shared.door.clone(),
            settings: Arc::new(settings().await),
            clock: shared.clock.clone(),
            events: bus.clone(),
            presence: shared.presence.clone(),
            channels: shared.channels.clone(),
            notes: shared.notes.clone(),
            activity: shared.activity.clone(),
            public_user_count,
        }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let route = Route::new()
            .nest(keelson_sockets::PATH, sockets.endpoint(realtime.clone()))
            .map_to_response();
        let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
        let server = tokio::spawn(async move {
            Server::new_with_acceptor(acceptor).run(route).await.unwrap();
        });
        Self {
            address,
            bus,
            realtime,
            door: shared.door,
            clock: shared.clock,
            presence: shared.presence,
            channels: shared.channels,
            notes: shared.notes,
            activity: shared.activity,
            sockets,
            running: vec![server],
        }
    }

    /// Does what other houses ask, and starts again when the line was lost.
    fn listen(&mut self) {
        let sockets = self.sockets.clone();
        self.running.push(tokio::spawn(async move {
            while sockets.listen(&CancellationToken::new()).await.is_err() {}
        }));
    }

    /// Emits a numbered event to a user.
    pub(super) async fn tell(&self, user: &UserId, number: u64) {
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
    panic!("never: {what}");
}

/// A client for plain HTTP.
pub(super) fn http() -> reqwest::Client {
    // Fails when another test was first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
