use crate::user::UserId;

crate::text_id! {
    /// Identifies one connected socket (a browser tab); clients send it as `session_id`.
    SocketId
}

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
    /// The room's name on the wire.
    pub fn room(&self) -> String {
        match self {
            Self::User(id) => format!("user:{id}"),
            Self::Room(name) => name.clone(),
            Self::Socket(id) => id.to_string(),
        }
    }
}
