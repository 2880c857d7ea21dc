//! Open pages over socket.io: rooms, events in and out.
//!
//! Holds no rules: those are in `keelson_application::realtime`. [`Sockets`] is made first, because its
//! [`Sockets::bus`] is a port that services are built from; [`Sockets::endpoint`] is served once they are.
//! With a [`Fleet`] it also reaches the pages of other instances, as long as [`Sockets::listen`] runs.
//! The documents of notes (`ydoc:…`) are not served yet.

mod bus;
mod calls;
mod endpoint;
mod events;
mod fleet;
mod line;
mod local;
mod options;
mod polls;
mod session;

use std::sync::Arc;
use std::time::Duration;

use keelson_application::realtime::Realtime;
use keelson_domain::realtime::EventBus;
use keelson_domain::shared::StoreResult;
use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt, Response};
use socketioxide::SocketIo;
use tokio_util::sync::CancellationToken;

pub use fleet::Fleet;
pub use options::{Options, Origins, Transport};

use bus::SocketBus;
use endpoint::{Engine, SocketEndpoint};
use local::Local;

/// Path of the socket layer.
pub const PATH: &str = "/ws/socket.io";

/// How long [`Sockets::close`] waits for pages to take their leave.
const CLOSING: Duration = Duration::from_secs(3);

/// The socket.io server. Clones are the same one.
#[derive(Clone)]
pub struct Sockets {
    engine: Engine,
    io: SocketIo,
    bus: Arc<SocketBus>,
    options: Arc<Options>,
}

impl Sockets {
    /// Without other instances. Nobody can connect before [`Sockets::endpoint`] is served.
    pub fn new(options: Options) -> Self {
        Self::build(options, None)
    }

    /// One instance of several.
    pub fn in_fleet(options: Options, fleet: Fleet) -> Self {
        Self::build(options, Some(fleet))
    }

    fn build(options: Options, fleet: Option<Fleet>) -> Self {
        let (engine, io) = options
            .builder()
            .req_path(PATH)
            .build_with_inner_svc(endpoint::elsewhere());
        Self {
            engine,
            bus: Arc::new(SocketBus::new(Local::new(io.clone()), fleet)),
            io,
            options: Arc::new(options),
        }
    }

    /// The way out to open pages.
    pub fn bus(&self) -> Arc<dyn EventBus> {
        self.bus.clone()
    }

    /// Does with our pages what other instances ask, until `stop`. One pass: call it again when it fails. Without
    /// a fleet it only waits for `stop`.
    ///
    /// # Errors
    /// When the other instances cannot be heard (any more).
    pub async fn listen(&self, stop: &CancellationToken) -> StoreResult<()> {
        self.bus.listen(stop).await
    }

    /// How many pages are connected to this instance, signed in or not.
    pub fn open(&self) -> usize {
        self.bus.local.all().len()
    }

    /// The way in, to be mounted at [`PATH`].
    pub fn endpoint(&self, realtime: Arc<Realtime>) -> BoxEndpoint<'static, Response> {
        events::serve(&self.io, realtime);
        SocketEndpoint::new(self.engine.clone(), self.options.clone()).boxed()
    }

    /// Closes every page; new ones are not accepted any more. Clients connect again by themselves, to
    /// whichever instance then answers.
    pub async fn close(&self) {
        for page in self.io.sockets() {
            session::cut(&page);
        }
        if tokio::time::timeout(CLOSING, self.io.close()).await.is_err() {
            tracing::warn!("some pages did not close in time");
        }
    }
}
