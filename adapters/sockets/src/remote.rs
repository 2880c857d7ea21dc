//! The way to clients of other instances.

use std::sync::Arc;
use std::time::Duration;

use keelson_domain::realtime::{CallError, Dispatch, Fanout, Presence, ReplyTo, SocketId};
use keelson_domain::user::UserId;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::pending_calls::PendingCalls;

/// How often a waiting call checks that the client is still connected: no event says when another instance's client goes.
const CHECK_INTERVAL: Duration = Duration::from_secs(2);

/// What connects this instance with the others.
#[derive(Clone)]
pub struct RemoteInstances {
    /// Carries what instances ask of each other.
    pub fanout: Arc<dyn Fanout>,
    /// Who is connected, to any instance.
    pub presence: Arc<dyn Presence>,
}

impl RemoteInstances {
    /// Calls a client of another instance, if it is the user's.
    pub(crate) async fn call(
        &self,
        calls: &PendingCalls,
        (user, socket): (&UserId, &SocketId),
        event: &str,
        data: Box<RawValue>,
        timeout: Duration,
    ) -> Result<Value, CallError> {
        let owner = self.presence.user_of(socket).await;
        if owner
            .map_err(|error| CallError::Unexpected(Box::new(error)))?
            .as_ref()
            != Some(user)
        {
            return Err(CallError::Gone);
        }
        let room = socket.to_string();
        let mut call = calls.add(&room);
        let reply = ReplyTo {
            room: room.clone(),
            call: call.number,
            instance: self.fanout.instance().clone(),
        };
        self.fanout.send(Dispatch::Emit {
            room: Some(room),
            event: event.to_owned(),
            data,
            skip: Vec::new(),
            reply: Some(reply),
        });
        tokio::select! {
            reply = tokio::time::timeout(timeout, call.wait()) => match reply {
                Ok(args) => Ok(args.into_iter().next().unwrap_or_default()),
                Err(_) => Err(CallError::TimedOut),
            },
            () = self.wait_until_gone(user, socket) => Err(CallError::Gone),
        }
    }

    /// Waits until the socket is not the user's any more.
    async fn wait_until_gone(&self, user: &UserId, socket: &SocketId) {
        loop {
            tokio::time::sleep(CHECK_INTERVAL).await;
            match self.presence.user_of(socket).await {
                Ok(owner) if owner.as_ref() == Some(user) => {}
                Ok(_) => return,
                // The reply may come all the same.
                Err(error) => tracing::debug!(%error, "cannot check whether a client is still connected"),
            }
        }
    }
}
