use std::pin::Pin;

use async_trait::async_trait;
use futures_core::Stream;
use serde_json::Value;
use serde_json::value::RawValue;

use super::SocketId;
use crate::shared::{InstanceId, StoreResult};

/// Where the acknowledgement of an event goes: whoever emitted it gave it this number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerTo {
    /// The room that was asked (a page's id), as the asker named it.
    pub room: String,
    /// The number that the asker knows the call by.
    pub call: u64,
    /// Who asked.
    pub instance: InstanceId,
}

/// What one instance asks of all others about the pages that they hold.
#[derive(Debug, Clone)]
pub enum Dispatch {
    /// Emit an event to the pages in a room; every page is in a room of its own id. None means every page.
    Emit {
        /// Room.
        room: Option<String>,
        /// Event.
        event: String,
        /// Its only argument, as JSON text.
        data: Box<RawValue>,
        /// Pages that do not get it.
        skip: Vec<SocketId>,
        /// Where the page's acknowledgement goes, if it is awaited.
        answer: Option<AnswerTo>,
    },
    /// A page acknowledged an event.
    Answer {
        /// Whose call it was.
        to: AnswerTo,
        /// The arguments of the acknowledgement.
        args: Vec<Value>,
    },
    /// Let a page hear a room.
    Enter {
        /// Page.
        page: SocketId,
        /// Room.
        room: String,
    },
    /// Let a page not hear a room any more.
    Leave {
        /// Page.
        page: SocketId,
        /// Room.
        room: String,
    },
    /// Empty a room.
    Close {
        /// Room.
        room: String,
    },
    /// Cut a page off.
    Disconnect {
        /// Page.
        page: SocketId,
    },
}

/// What the other instances ask; a stream that ends means that the line was lost and must be opened again.
pub type Dispatches = Pin<Box<dyn Stream<Item = Dispatch> + Send>>;

/// Carries dispatches between the instances of a fleet, in both directions.
#[async_trait]
pub trait Fanout: Send + Sync {
    /// Hands a dispatch over for all other instances and returns at once: it waits for no network and reports no
    /// failure. Dispatches of one instance keep their order. While the others cannot be reached they are held for a while,
    /// and may then arrive twice.
    fn send(&self, dispatch: Dispatch);
    /// What the others ask from now on; never what this instance sent.
    ///
    /// # Errors
    /// When the others cannot be heard; try again later.
    async fn receive(&self) -> StoreResult<Dispatches>;
    /// The name that this instance's calls are answered under ([`AnswerTo::instance`]).
    fn instance(&self) -> &InstanceId;
}
