//! Connected clients over socket.io: rooms, events in and out.
//!
//! Holds no rules: those are in `keelson_application::realtime`. [`Sockets`] is created first, because its
//! [`Sockets::bus`] is a port that services are built from; [`Sockets::endpoint`] is served once they are. With
//! [`RemoteInstances`] it also reaches the clients of other instances, as long as [`Sockets::listen`] runs.
//! The documents of notes (`ydoc:…`) are not served yet.

mod bus;
mod connection;
mod endpoint;
mod events;
mod inbound;
mod local;
mod options;
mod pending_calls;
mod polling;
mod remote;
mod stall_guard;

use std::sync::Arc;
use std::time::Duration;

use keelson_application::realtime::Realtime;
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::{Clock, StoreResult};
use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt, Response};
use socketioxide::SocketIo;
use tokio_util::sync::CancellationToken;

pub use options::{Options, Origins, Transport};
pub use remote::RemoteInstances;

use bus::SocketBus;
use connection::ConnectionState;
use endpoint::{Engine, SocketEndpoint};
use inbound::DispatchHandler;
use local::LocalConnections;

/// Path of the socket layer.
pub const PATH: &str = "/ws/socket.io";

/// How often tokens are looked at. Ten thousand connections take a millisecond.
const EXPIRY_INTERVAL: Duration = Duration::from_secs(2);

/// How long [`Sockets::close`] waits for connections to close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(3);

/// The socket.io server. Clones are the same one.
#[derive(Clone)]
pub struct Sockets {
    engine: Engine,
    io: SocketIo,
    bus: Arc<SocketBus>,
    options: Arc<Options>,
}

impl Sockets {
    /// For a single instance. Nobody can connect before [`Sockets::endpoint`] is served.
    pub fn new(options: Options) -> Self {
        Self::build(options, None)
    }

    /// For one instance of several.
    pub fn with_remote(options: Options, remote: RemoteInstances) -> Self {
        Self::build(options, Some(remote))
    }

    fn build(options: Options, remote: Option<RemoteInstances>) -> Self {
        let (engine, io) = options
            .builder()
            .req_path(PATH)
            .build_with_inner_svc(endpoint::not_found_service());
        Self {
            engine,
            bus: Arc::new(SocketBus::new(LocalConnections::new(io.clone()), remote)),
            io,
            options: Arc::new(options),
        }
    }

    /// The port that emits to connected clients.
    pub fn bus(&self) -> Arc<dyn EventBus> {
        self.bus.clone()
    }

    /// Carries out what other instances ask, until `stop`; call it again when it fails. On a single instance it only
    /// waits for `stop`.
    ///
    /// # Errors
    /// When the connection to the other instances is lost.
    pub async fn listen(&self, stop: &CancellationToken) -> StoreResult<()> {
        let bus = &self.bus;
        let Some(remote) = &bus.remote else {
            stop.cancelled().await;
            return Ok(());
        };
        let handler = DispatchHandler {
            local: &bus.local,
            remote,
            calls: &bus.calls,
        };
        handler.run(stop).await
    }

    /// Disconnects clients whose tokens have ended, until `stop`.
    pub async fn end_expired(&self, clock: &dyn Clock, stop: &CancellationToken) {
        while tokio::time::timeout(EXPIRY_INTERVAL, stop.cancelled())
            .await
            .is_err()
        {
            let now = clock.now();
            for socket in self.bus.local.all() {
                let state = socket.extensions.get::<Arc<ConnectionState>>();
                let end = state.and_then(|state| state.session.expires_at());
                if end.is_some_and(|end| end <= now) {
                    connection::disconnect(&socket);
                }
            }
        }
    }

    /// How many clients are connected to this instance, signed in or not.
    pub fn count(&self) -> usize {
        self.bus.local.all().len()
    }

    /// The endpoint to be mounted at [`PATH`].
    pub fn endpoint(&self, realtime: Arc<Realtime>) -> BoxEndpoint<'static, Response> {
        events::serve(&self.io, realtime);
        SocketEndpoint::new(self.engine.clone(), self.options.clone()).boxed()
    }

    /// Disconnects every client and accepts no new ones. Clients reconnect by themselves, to whichever instance then
    /// answers.
    pub async fn close(&self) {
        for socket in self.io.sockets() {
            connection::disconnect(&socket);
        }
        if tokio::time::timeout(CLOSE_TIMEOUT, self.io.close())
            .await
            .is_err()
        {
            tracing::warn!("some connections did not close in time");
        }
    }
}
