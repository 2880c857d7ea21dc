//! Carries out with this instance's connections what other instances ask.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::realtime::{Dispatch, ReplyTo};
use keelson_domain::shared::{StoreError, StoreResult};
use serde_json::value::RawValue;
use socketioxide::extract::SocketRef;
use tokio_util::sync::CancellationToken;

use crate::connection::{self, ConnectionState};
use crate::local::{self, LocalConnections};
use crate::pending_calls::PendingCalls;
use crate::remote::RemoteInstances;

/// How long a client here may take to answer a call of another instance. The caller has a shorter time-out: this only
/// bounds how long the call is kept.
const MAX_ANSWER_TIME: Duration = Duration::from_secs(3600);

/// Handles the dispatches of other instances.
pub(crate) struct DispatchHandler<'b> {
    pub(crate) local: &'b LocalConnections,
    pub(crate) remote: &'b RemoteInstances,
    pub(crate) calls: &'b PendingCalls,
}

impl DispatchHandler<'_> {
    /// Handles dispatches until `stop`.
    ///
    /// # Errors
    /// When the connection to the other instances is lost.
    pub(crate) async fn run(&self, stop: &CancellationToken) -> StoreResult<()> {
        tokio::select! {
            () = stop.cancelled() => Ok(()),
            lost = self.receive() => lost,
        }
    }

    async fn receive(&self) -> StoreResult<()> {
        let mut dispatches = self.remote.fanout.receive().await?;
        while let Some(dispatch) = dispatches.next().await {
            self.handle(dispatch);
        }
        Err(StoreError::unavailable(
            "the connection to the other instances was lost",
        ))
    }

    /// Waits for nothing, so that one client delays no other.
    fn handle(&self, dispatch: Dispatch) {
        match dispatch {
            Dispatch::Emit {
                room,
                event,
                data,
                skip,
                reply,
            } => {
                let mut sockets = room.map_or_else(|| self.local.all(), |room| self.local.in_room(&room));
                sockets.retain(|socket| !skip.iter().any(|id| id.as_str() == socket.id.as_str()));
                for socket in &sockets {
                    match &reply {
                        None => local::emit(socket, &event, &data),
                        Some(to) => self.call(to, socket, &event, &data),
                    }
                }
            }
            Dispatch::Reply { to, args } => {
                if to.instance == *self.remote.fanout.instance() {
                    self.calls.resolve(&to, args);
                }
            }
            Dispatch::Enter { socket, room } => {
                if let Some(socket) = self.local.find(socket.as_str()) {
                    socket.join(room);
                }
            }
            Dispatch::Leave { socket, room } => {
                if let Some(socket) = self.local.find(socket.as_str()) {
                    socket.leave(room);
                }
            }
            Dispatch::Close { room } => {
                for socket in self.local.in_room(&room) {
                    socket.leave(room.clone());
                }
            }
            Dispatch::Disconnect { socket } => {
                for socket in self.local.in_room(socket.as_str()) {
                    connection::disconnect(&socket);
                }
            }
        }
    }

    /// Emits an event now, and sends the acknowledgement to the caller once it comes.
    fn call(&self, to: &ReplyTo, socket: &SocketRef, event: &str, data: &RawValue) {
        let Some(state) = socket.extensions.get::<Arc<ConnectionState>>() else {
            return;
        };
        let answer = match local::emit_with_ack(socket, state, event, data, MAX_ANSWER_TIME) {
            Ok(answer) => answer,
            Err(error) => {
                tracing::debug!(%error, event, "a client could not be called");
                return;
            }
        };
        let (fanout, to) = (self.remote.fanout.clone(), to.clone());
        tokio::spawn(async move {
            match answer.await {
                Ok(answer) => fanout.send(Dispatch::Reply {
                    to,
                    args: answer.into_iter().collect(),
                }),
                Err(error) => tracing::debug!(%error, "a client did not answer another instance"),
            }
        });
    }
}
