use keelson_domain::note::NoteId;
use keelson_domain::user::Role;

use super::{Connection, Realtime, RealtimeError, SocketSession};

impl Realtime {
    /// Subscribes a client to a note's events, if its user may read the note; true if it did.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn join_note(
        &self,
        connection: &dyn Connection,
        session: &SocketSession,
        token: &str,
        note: &NoteId,
    ) -> Result<bool, RealtimeError> {
        let Some(user) = self.authenticate(connection, session, token).await? else {
            return Ok(false);
        };
        let allowed = match self.dependencies.notes.may_read(&user.id, note).await? {
            None => false,
            Some(_) if user.role == Role::Admin => true,
            Some(may_read) => may_read && user.role == Role::User,
        };
        if allowed {
            connection.join(&note.room());
        }
        Ok(allowed)
    }
}
