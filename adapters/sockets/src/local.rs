//! The connections of this instance.

use std::sync::Arc;
use std::time::Duration;

use keelson_domain::realtime::{Audience, CallError, SocketId};
use keelson_domain::user::UserId;
use serde_json::Value;
use serde_json::value::RawValue;
use socketioxide::extract::SocketRef;
use socketioxide::{AckError, SendError, SocketError, SocketIo};

use crate::connection::{self, ConnectionState};

#[derive(Clone)]
pub(crate) struct LocalConnections {
    io: SocketIo,
}

impl LocalConnections {
    pub(crate) fn new(io: SocketIo) -> Self {
        Self { io }
    }

    pub(crate) fn find(&self, id: &str) -> Option<SocketRef> {
        self.io.get_socket(id.parse().ok()?)
    }

    pub(crate) fn contains(&self, id: &SocketId) -> bool {
        self.find(id.as_str()).is_some()
    }

    /// The sockets in a room; each is in a room of its own id.
    pub(crate) fn in_room(&self, name: &str) -> Vec<SocketRef> {
        if let Some(socket) = self.find(name) {
            return vec![socket];
        }
        // Without the namespace, which is added when the endpoint is built, there are no sockets.
        self.io
            .of("/")
            .map_or_else(Vec::new, |all| all.to(name.to_owned()).sockets())
    }

    pub(crate) fn of_user(&self, user: &UserId) -> Vec<SocketRef> {
        self.in_room(&Audience::User(user.clone()).room())
    }

    pub(crate) fn all(&self) -> Vec<SocketRef> {
        self.io.of("/").map_or_else(Vec::new, |all| all.sockets())
    }
}

/// Emits an event; a client that lags too far behind is disconnected.
pub(crate) fn emit(socket: &SocketRef, event: &str, data: &RawValue) {
    match socket.emit(event, data) {
        Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
        Err(SendError::Socket(SocketError::InternalChannelFull)) => {
            tracing::info!(event, "disconnected a client that reads too slowly");
            connection::disconnect(socket);
        }
        Err(SendError::Serialize(error)) => tracing::error!(%error, event, "an event could not be sent"),
    }
}

/// Emits an event at once; the returned future waits for the first argument of the acknowledgement, or none.
pub(crate) fn emit_with_ack(
    socket: &SocketRef,
    state: Arc<ConnectionState>,
    event: &str,
    data: &RawValue,
    timeout: Duration,
) -> Result<impl Future<Output = Result<Option<Value>, CallError>> + use<>, CallError> {
    let ack = socket
        .timeout(timeout)
        .emit_with_ack::<_, Value>(event, data)
        .map_err(to_call_error)?;
    Ok(async move {
        tokio::select! {
            ack = ack => match ack {
                Ok(answer) => Ok(Some(answer)),
                // An acknowledgement without arguments.
                Err(AckError::Decode(_)) => Ok(None),
                Err(AckError::Timeout) => Err(CallError::TimedOut),
                Err(AckError::Socket(_)) => Err(CallError::Gone),
            },
            () = state.closed.cancelled() => Err(CallError::Gone),
        }
    })
}

fn to_call_error(error: SendError) -> CallError {
    match error {
        SendError::Socket(_) => CallError::Gone,
        SendError::Serialize(error) => CallError::Unexpected(Box::new(error)),
    }
}
