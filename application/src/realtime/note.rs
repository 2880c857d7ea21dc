use keelson_domain::access::Right;
use keelson_domain::note::NoteId;

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
        let Some(caller) = self.authenticate(connection, session, token).await? else {
            return Ok(false);
        };
        let access = self.dependencies.access.of(&caller).await?;
        let allowed = match self.dependencies.notes.head(note).await? {
            None => false,
            Some(head) => {
                access.administers() || access.is_verified() && access.may_personally(Right::Read, &head)
            }
        };
        if allowed {
            connection.join(&note.room());
        }
        Ok(allowed)
    }
}
