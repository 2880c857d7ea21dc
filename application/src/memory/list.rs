use keelson_domain::auth::Caller;
use keelson_domain::memory::Memory;
use keelson_domain::shared::StoreResult;

use super::Memories;

impl Memories {
    /// The caller's memories, oldest first; nobody sees another's.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, caller: &Caller) -> StoreResult<Vec<Memory>> {
        self.repository.of_user(caller.id()).await
    }
}
