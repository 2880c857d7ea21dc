use keelson_domain::note::NoteId;
use keelson_domain::user::Role;

use super::{Connection, Realtime, RealtimeError, Seat};

impl Realtime {
    /// Lets a page hear a note's events, if its user may read the note. True if it does now.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn join_note(
        &self,
        page: &dyn Connection,
        seat: &Seat,
        token: &str,
        note: &NoteId,
    ) -> Result<bool, RealtimeError> {
        let Some(user) = self.sit(page, seat, token).await? else {
            return Ok(false);
        };
        let allowed = match self.parts.notes.may_read(&user.id, note).await? {
            None => false,
            Some(_) if user.role == Role::Admin => true,
            Some(may_read) => may_read && user.role == Role::User,
        };
        if allowed {
            page.join(&note.room());
        }
        Ok(allowed)
    }
}
