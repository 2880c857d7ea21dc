use std::sync::Arc;

use keelson_application::realtime::{Connection, Realtime, Seat};
use keelson_domain::realtime::SocketId;
use socketioxide::TransportType;
use socketioxide::extract::SocketRef;
use tokio_util::sync::CancellationToken;

use crate::line::Scissors;

/// What we keep of a page, in its socket's extensions.
pub(crate) struct Session {
    pub(crate) realtime: Arc<Realtime>,
    pub(crate) seat: Seat,
    /// Cancelled when the page is gone, to end waiting calls.
    pub(crate) gone: CancellationToken,
}

impl Session {
    pub(crate) fn new(realtime: Arc<Realtime>) -> Self {
        Self {
            realtime,
            seat: Seat::default(),
            gone: CancellationToken::new(),
        }
    }
}

/// A socket, as the core sees it.
pub(crate) struct Page(pub(crate) SocketRef);

impl Connection for Page {
    fn id(&self) -> SocketId {
        SocketId::new(self.0.id.as_str())
    }

    fn join(&self, room: &str) {
        self.0.join(room.to_owned());
    }

    fn leave_all(&self) {
        self.0.leave_all();
    }

    fn is_open(&self) -> bool {
        self.0.connected()
    }

    fn cut(&self) {
        cut(&self.0);
    }
}

/// Ends a page's connection so that its client connects again by itself.
pub(crate) fn cut(page: &SocketRef) {
    page.leave_all();
    if let Some(scissors) = page.req_parts().extensions.get::<Scissors>() {
        scissors.cut();
    }
    // The engine sees a websocket end. A polling session ends here; the client cannot fetch this any more.
    if page.transport_type() == TransportType::Polling
        && let Err(error) = page.clone().disconnect()
    {
        tracing::debug!(%error, "a polling page could not be ended");
    }
}
