use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use keelson_domain::realtime::SocketId;
use keelson_domain::shared::Timestamp;
use keelson_domain::user::{User, UserId};
use secrecy::SecretString;
use tokio::sync::Mutex;

/// One connected client, as the socket adapter sees it. Nothing here waits.
pub trait Connection: Send + Sync {
    /// Its id, which the client sends as `session_id`.
    fn id(&self) -> SocketId;
    /// Adds it to a room.
    fn join(&self, room: &str);
    /// Removes it from a room.
    fn leave(&self, room: &str);
    /// Removes it from every room.
    fn leave_all(&self);
    /// Whether it is still connected.
    fn is_open(&self) -> bool;
    /// Closes it so that the client reconnects by itself.
    fn disconnect(&self);
}

/// Who is signed in on a connection. One event of a connection at a time may change it.
#[derive(Default)]
pub struct SocketSession {
    pub(super) user: Mutex<Option<AuthenticatedUser>>,
    /// When its token ends, in seconds; 0 when never, or nobody is signed in.
    expires_at: AtomicI64,
}

/// The user of a connection, and the token they signed in with, so that it can be verified again.
pub(super) struct AuthenticatedUser {
    pub(super) user: Arc<User>,
    pub(super) token: SecretString,
    /// The token's id, if it has one.
    pub(super) token_id: Option<String>,
    /// When activity was last stored.
    pub(super) touched_at: Option<Timestamp>,
}

impl SocketSession {
    /// The user who is signed in, if anyone is.
    pub async fn user(&self) -> Option<UserId> {
        let authenticated = self.user.lock().await;
        authenticated
            .as_ref()
            .map(|authenticated| authenticated.user.id.clone())
    }

    /// When the token ends that somebody signed in with, if ever.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let seconds = self.expires_at.load(Ordering::Relaxed);
        (seconds != 0).then(|| Timestamp::from_seconds(seconds))
    }

    pub(super) fn set_expiry(&self, at: Option<Timestamp>) {
        self.expires_at
            .store(at.map_or(0, Timestamp::seconds), Ordering::Relaxed);
    }
}
