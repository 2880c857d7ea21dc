use std::sync::Arc;

use keelson_domain::realtime::SocketId;
use keelson_domain::shared::Timestamp;
use keelson_domain::user::{User, UserId};
use secrecy::SecretString;
use tokio::sync::Mutex;

/// One open page, as the socket adapter sees it. Nothing here waits.
pub trait Connection: Send + Sync {
    /// Its id, which the client sends as `session_id`.
    fn id(&self) -> SocketId;
    /// Lets it hear a room.
    fn join(&self, room: &str);
    /// Lets it hear nothing any more.
    fn leave_all(&self);
    /// Whether it is still open.
    fn is_open(&self) -> bool;
    /// Closes it so that the client connects again by itself.
    fn cut(&self);
}

/// Who sits at a page. One event of a page at a time may change it.
#[derive(Default)]
pub struct Seat(pub(super) Mutex<Option<Guest>>);

/// The signed-in user of a page, and by what they signed in, so that it can be checked again.
pub(super) struct Guest {
    pub(super) user: Arc<User>,
    pub(super) token: SecretString,
    /// When activity was last stored.
    pub(super) touched_at: Option<Timestamp>,
}

impl Seat {
    /// The user who sits there, if anyone does.
    pub async fn user(&self) -> Option<UserId> {
        self.0.lock().await.as_ref().map(|guest| guest.user.id.clone())
    }
}
