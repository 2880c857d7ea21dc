use keelson_domain::access::{Permission, Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::note::Note;

use super::{NoteError, Notes};
use crate::user::{Owned, with_owners};

/// Notes on one page (the reference's number).
const PAGE: i64 = 60;

impl Notes {
    /// A page (from 1; all without one) of the notes that the caller may read, newest change first. Administrators see
    /// no more than others: notes are personal.
    ///
    /// # Errors
    /// [`NoteError::NotAllowed`].
    pub async fn list(&self, caller: &Caller, page: Option<i64>) -> Result<Vec<Owned<Note>>, NoteError> {
        let access = self.access.of(caller).await?;
        access.require(Permission::FeaturesNotes)?;
        let scope = access.personal_scope(Right::Read, Unset::Private);
        let (skip, limit) = match page {
            Some(page) => ((page.max(1) - 1).saturating_mul(PAGE), Some(PAGE)),
            None => (0, None),
        };
        let notes = self.repository.list(&scope, skip, limit).await?;
        Ok(with_owners(self.users.as_ref(), notes, |note| &note.head.owner).await?)
    }
}
