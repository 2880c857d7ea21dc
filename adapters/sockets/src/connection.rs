use std::sync::Arc;

use keelson_application::realtime::{Connection, Realtime, SocketSession};
use keelson_domain::realtime::SocketId;
use socketioxide::TransportType;
use socketioxide::extract::SocketRef;
use tokio_util::sync::CancellationToken;

use crate::stall_guard::DisconnectHandle;

/// What is kept of a connection, in its socket's extensions.
pub(crate) struct ConnectionState {
    pub(crate) realtime: Arc<Realtime>,
    pub(crate) session: SocketSession,
    /// Cancelled when the connection closed, to end waiting calls.
    pub(crate) closed: CancellationToken,
}

impl ConnectionState {
    pub(crate) fn new(realtime: Arc<Realtime>) -> Self {
        Self {
            realtime,
            session: SocketSession::default(),
            closed: CancellationToken::new(),
        }
    }
}

/// A socket, as the core sees it.
pub(crate) struct SocketConnection(pub(crate) SocketRef);

impl Connection for SocketConnection {
    fn id(&self) -> SocketId {
        SocketId::new(self.0.id.as_str())
    }

    fn join(&self, room: &str) {
        self.0.join(room.to_owned());
    }

    fn leave(&self, room: &str) {
        self.0.leave(room.to_owned());
    }

    fn leave_all(&self) {
        self.0.leave_all();
    }

    fn is_open(&self) -> bool {
        self.0.connected()
    }

    fn disconnect(&self) {
        disconnect(&self.0);
    }
}

/// Ends a connection so that its client reconnects by itself.
pub(crate) fn disconnect(socket: &SocketRef) {
    socket.leave_all();
    if let Some(handle) = socket.req_parts().extensions.get::<DisconnectHandle>() {
        handle.disconnect();
    }
    // The engine notices the end of a websocket. A polling session ends here; its client cannot fetch this any more.
    if socket.transport_type() == TransportType::Polling
        && let Err(error) = socket.clone().disconnect()
    {
        tracing::debug!(%error, "a polling session could not be closed");
    }
}
