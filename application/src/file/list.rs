use keelson_domain::auth::Caller;
use keelson_domain::file::File;
use keelson_domain::shared::StoreResult;

use super::Files;

impl Files {
    /// The caller's files, oldest first; an administrator's list holds everyone's. Their text, which may be long, is
    /// read where `content` says so.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, caller: &Caller, content: bool) -> StoreResult<Vec<File>> {
        let owners = self.access.of(caller).await?.owner_scope();
        self.repository.list(&owners, content).await
    }
}
