//! Open pages over socket.io: rooms, events in and out.
//!
//! Holds no rules: those are in `keelson_application::realtime`. [`Sockets`] is made first, because its
//! [`Sockets::bus`] is a port that services are built from; [`Sockets::endpoint`] is served once they are.
//! The documents of notes (`ydoc:…`) and other instances' pages are not served yet.

mod bus;
mod endpoint;
mod events;
mod line;
mod options;
mod polls;
mod session;

use std::sync::Arc;
use std::time::Duration;

use keelson_application::realtime::Realtime;
use keelson_domain::realtime::EventBus;
use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt, Response};
use socketioxide::SocketIo;

pub use options::{Options, Origins, Transport};

use bus::SocketBus;
use endpoint::{Engine, SocketEndpoint};

/// Path of the socket layer.
pub const PATH: &str = "/ws/socket.io";

/// How long [`Sockets::close`] waits for pages to take their leave.
const CLOSING: Duration = Duration::from_secs(3);

/// The socket.io server.
pub struct Sockets {
    engine: Engine,
    io: SocketIo,
    options: Arc<Options>,
}

impl Sockets {
    /// Nobody can connect before [`Sockets::endpoint`] is served.
    pub fn new(options: Options) -> Self {
        let (engine, io) = options
            .builder()
            .req_path(PATH)
            .build_with_inner_svc(endpoint::elsewhere());
        Self {
            engine,
            io,
            options: Arc::new(options),
        }
    }

    /// The way out to open pages.
    pub fn bus(&self) -> Arc<dyn EventBus> {
        Arc::new(SocketBus::new(self.io.clone()))
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
