use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use keelson_domain::realtime::{Audience, CallError, Dispatch, EventBus, SocketId};
use keelson_domain::user::UserId;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use socketioxide::extract::SocketRef;

use crate::connection::{self, ConnectionState};
use crate::local::{self, LocalConnections};
use crate::pending_calls::PendingCalls;
use crate::remote::RemoteInstances;

/// Emits to the connections of this instance, and through the fan-out to those of others. The local ones come first and
/// wait for nothing.
pub(crate) struct SocketBus {
    pub(crate) local: LocalConnections,
    pub(crate) remote: Option<RemoteInstances>,
    /// Calls of this instance to clients of others.
    pub(crate) calls: PendingCalls,
}

impl SocketBus {
    pub(crate) fn new(local: LocalConnections, remote: Option<RemoteInstances>) -> Self {
        Self {
            local,
            remote,
            calls: PendingCalls::default(),
        }
    }

    fn local_sockets(&self, audience: &Audience) -> Vec<SocketRef> {
        match audience {
            Audience::Socket(id) => self.local.find(id.as_str()).into_iter().collect(),
            Audience::User(_) | Audience::Room(_) => self.local.in_room(&audience.room()),
        }
    }

    async fn call_local(
        &self,
        user: &UserId,
        socket: &SocketRef,
        event: &str,
        data: &RawValue,
        timeout: Duration,
    ) -> Result<Value, CallError> {
        let state = socket
            .extensions
            .get::<Arc<ConnectionState>>()
            .ok_or(CallError::Gone)?;
        if state.session.user().await.as_ref() != Some(user) {
            return Err(CallError::Gone);
        }
        let answer = local::emit_with_ack(socket, state, event, data, timeout)?.await?;
        Ok(answer.unwrap_or_default())
    }

    /// Sends a dispatch for each connection that a user has to other instances.
    async fn send_to_remote(
        &self,
        user: &UserId,
        action: &'static str,
        dispatch: impl Fn(SocketId) -> Dispatch,
    ) {
        let Some(remote) = &self.remote else { return };
        let sockets = match remote.presence.sockets_of(user).await {
            Ok(sockets) => sockets,
            Err(error) => {
                let source = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(%error, source, action, "cannot read the user's connections to other instances");
                return;
            }
        };
        for socket in sockets.into_iter().filter(|socket| !self.local.contains(socket)) {
            remote.fanout.send(dispatch(socket));
        }
    }
}

/// Serializes once for all recipients.
fn serialize(event: &str, data: &Value) -> Result<Box<RawValue>, serde_json::Error> {
    to_raw_value(data).inspect_err(|error| tracing::error!(%error, event, "an event could not be serialized"))
}

#[async_trait]
impl EventBus for SocketBus {
    async fn emit(&self, to: &Audience, event: &str, data: &Value) {
        let sockets = self.local_sockets(to);
        // A socket that is connected here is connected nowhere else.
        let found = matches!(to, Audience::Socket(_)) && !sockets.is_empty();
        let remote = self.remote.as_ref().filter(|_| !found);
        if sockets.is_empty() && remote.is_none() {
            return;
        }
        let Ok(data) = serialize(event, data) else {
            return;
        };
        for socket in &sockets {
            local::emit(socket, event, &data);
        }
        if let Some(remote) = remote {
            remote.fanout.send(Dispatch::Emit {
                room: Some(to.room()),
                event: event.to_owned(),
                data,
                skip: Vec::new(),
                reply: None,
            });
        }
    }

    async fn call(
        &self,
        user: &UserId,
        socket: &SocketId,
        event: &str,
        data: &Value,
        wait: Duration,
    ) -> Result<Value, CallError> {
        let data = serialize(event, data).map_err(|error| CallError::Unexpected(Box::new(error)))?;
        match (self.local.find(socket.as_str()), &self.remote) {
            (Some(socket), _) => self.call_local(user, &socket, event, &data, wait).await,
            (None, Some(remote)) => remote.call(&self.calls, (user, socket), event, data, wait).await,
            (None, None) => Err(CallError::Gone),
        }
    }

    async fn join(&self, user: &UserId, room: &str) {
        for socket in self.local.of_user(user) {
            socket.join(room.to_owned());
        }
        let enter = |socket| Dispatch::Enter {
            socket,
            room: room.to_owned(),
        };
        self.send_to_remote(user, "join", enter).await;
    }

    async fn leave(&self, user: &UserId, room: &str) {
        for socket in self.local.of_user(user) {
            socket.leave(room.to_owned());
        }
        let leave = |socket| Dispatch::Leave {
            socket,
            room: room.to_owned(),
        };
        self.send_to_remote(user, "leave", leave).await;
    }

    async fn disconnect(&self, user: &UserId) {
        for socket in self.local.of_user(user) {
            connection::disconnect(&socket);
        }
        self.send_to_remote(user, "disconnect", |socket| Dispatch::Disconnect { socket })
            .await;
    }

    async fn disconnect_token(&self, token_id: &str) {
        let room = Audience::token(token_id).room();
        for socket in self.local.in_room(&room) {
            connection::disconnect(&socket);
        }
        if let Some(remote) = &self.remote {
            let socket = SocketId::new(room);
            remote.fanout.send(Dispatch::Disconnect { socket });
        }
    }
}
