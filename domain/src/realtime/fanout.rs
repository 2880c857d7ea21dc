use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;
use serde_json::Value;
use serde_json::value::RawValue;

use super::SocketId;
use crate::shared::{InstanceId, StoreResult};

/// Where the acknowledgement of an event goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyTo {
    /// The room that was called (a socket's id), as the caller named it.
    pub room: String,
    /// The number that the calling instance gave the call.
    pub call: u64,
    /// The calling instance.
    pub instance: InstanceId,
}

/// What one instance asks of all others for the connections that they hold.
#[derive(Debug, Clone)]
pub enum Dispatch {
    /// Emit an event to the connections in a room; each is in a room of its own id. None means all connections.
    Emit {
        /// Room.
        room: Option<String>,
        /// Event.
        event: String,
        /// Its only argument, as JSON text.
        data: Box<RawValue>,
        /// Sockets that do not get it.
        skip: Vec<SocketId>,
        /// Where the client's acknowledgement goes, if one is awaited.
        reply: Option<ReplyTo>,
    },
    /// A client acknowledged an event.
    Reply {
        /// Whose call it was.
        to: ReplyTo,
        /// The arguments of the acknowledgement.
        args: Vec<Value>,
    },
    /// Add a socket to a room.
    Enter {
        /// Socket.
        socket: SocketId,
        /// Room.
        room: String,
    },
    /// Remove a socket from a room.
    Leave {
        /// Socket.
        socket: SocketId,
        /// Room.
        room: String,
    },
    /// Empty a room.
    Close {
        /// Room.
        room: String,
    },
    /// Disconnect a socket, or all in a room.
    Disconnect {
        /// Socket, or the name of a room.
        socket: SocketId,
    },
}

/// What the other instances ask; when the stream ends, the connection to them was lost and must be opened again.
pub type Dispatches = Pin<Box<dyn Stream<Item = Dispatch> + Send>>;

/// Carries dispatches between instances, in both directions.
#[async_trait]
pub trait Fanout: Send + Sync {
    /// Queues a dispatch for all other instances and returns at once: it waits for no network and reports no failure.
    /// Dispatches of one instance keep their order. While the others cannot be reached they are held for a while, and
    /// may then arrive twice.
    fn send(&self, dispatch: Dispatch);
    /// What the others ask from now on; never what this instance sent.
    ///
    /// # Errors
    /// When the others cannot be reached; try again later.
    async fn receive(&self) -> StoreResult<Dispatches>;
    /// The name under which replies to this instance arrive ([`ReplyTo::instance`]).
    fn instance(&self) -> &InstanceId;
}
