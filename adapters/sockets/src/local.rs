//! The pages that are connected to this instance.

use std::sync::Arc;
use std::time::Duration;

use keelson_domain::realtime::{Audience, CallError, SocketId};
use keelson_domain::user::UserId;
use serde_json::Value;
use serde_json::value::RawValue;
use socketioxide::extract::SocketRef;
use socketioxide::{AckError, SendError, SocketError, SocketIo};

use crate::session::{self, Session};

#[derive(Clone)]
pub(crate) struct Local {
    io: SocketIo,
}

impl Local {
    pub(crate) fn new(io: SocketIo) -> Self {
        Self { io }
    }

    pub(crate) fn page(&self, id: &str) -> Option<SocketRef> {
        self.io.get_socket(id.parse().ok()?)
    }

    pub(crate) fn has(&self, id: &SocketId) -> bool {
        self.page(id.as_str()).is_some()
    }

    /// The pages in a room; each is in a room of its own id.
    pub(crate) fn room(&self, name: &str) -> Vec<SocketRef> {
        if let Some(page) = self.page(name) {
            return vec![page];
        }
        // Without the namespace, which is made when the endpoint is, there are no pages.
        self.io
            .of("/")
            .map_or_else(Vec::new, |all| all.to(name.to_owned()).sockets())
    }

    pub(crate) fn of_user(&self, user: &UserId) -> Vec<SocketRef> {
        self.room(&Audience::User(user.clone()).room())
    }

    pub(crate) fn all(&self) -> Vec<SocketRef> {
        self.io.of("/").map_or_else(Vec::new, |all| all.sockets())
    }
}

/// Sends an event; a page that lags too far behind is cut off.
pub(crate) fn send(page: &SocketRef, event: &str, data: &RawValue) {
    match page.emit(event, data) {
        Ok(()) | Err(SendError::Socket(SocketError::Closed)) => {}
        Err(SendError::Socket(SocketError::InternalChannelFull)) => {
            tracing::info!(event, "a page reads too slowly and is cut off");
            session::cut(page);
        }
        Err(SendError::Serialize(error)) => tracing::error!(%error, event, "an event could not be sent"),
    }
}

/// Sends an event at once; what it answers with is awaited: the first argument of the acknowledgement, or none.
pub(crate) fn ask(
    page: &SocketRef,
    session: Arc<Session>,
    event: &str,
    data: &RawValue,
    wait: Duration,
) -> Result<impl Future<Output = Result<Option<Value>, CallError>> + use<>, CallError> {
    let answer = page
        .timeout(wait)
        .emit_with_ack::<_, Value>(event, data)
        .map_err(unsent)?;
    Ok(async move {
        tokio::select! {
            answer = answer => match answer {
                Ok(answer) => Ok(Some(answer)),
                // An acknowledgement without arguments.
                Err(AckError::Decode(_)) => Ok(None),
                Err(AckError::Timeout) => Err(CallError::TimedOut),
                Err(AckError::Socket(_)) => Err(CallError::Gone),
            },
            () = session.gone.cancelled() => Err(CallError::Gone),
        }
    })
}

fn unsent(error: SendError) -> CallError {
    match error {
        SendError::Socket(_) => CallError::Gone,
        SendError::Serialize(error) => CallError::Unexpected(Box::new(error)),
    }
}
