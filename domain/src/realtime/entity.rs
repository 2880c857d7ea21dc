use crate::shared::TextId;
use crate::user::UserId;

/// A connected socket.
#[derive(Debug)]
pub enum Socket {}

/// Identifies one connected socket (a browser tab); clients send it as `session_id`.
pub type SocketId = TextId<Socket>;

/// Who gets an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Audience {
    /// All connections of a user: the room `user:{id}`.
    User(UserId),
    /// Everyone in a named room, such as `channel:{id}`.
    Room(String),
    /// One connection.
    Socket(SocketId),
}

impl Audience {
    /// The connections that signed in with a token, by its id (`jti`).
    pub fn token(id: &str) -> Self {
        Self::Room(format!("token:{id}"))
    }

    /// The room's name on the wire.
    pub fn room(&self) -> String {
        match self {
            Self::User(id) => format!("user:{id}"),
            Self::Room(name) => name.clone(),
            Self::Socket(id) => id.to_string(),
        }
    }
}
