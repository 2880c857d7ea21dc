use keelson_domain::access::{Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::prompt::Prompt;
use keelson_domain::shared::StoreResult;

use super::Prompts;
use crate::user::{Owned, with_owners_of};

impl Prompts {
    /// The prompts that the caller has a right to, newest change first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, caller: &Caller, right: Right) -> StoreResult<Vec<Prompt>> {
        let scope = self.access.of(caller).await?.scope(right, Unset::Public);
        self.repository.list(&scope).await
    }

    /// [`Prompts::list`] with the owners of the prompts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list_with_owners(&self, caller: &Caller, right: Right) -> StoreResult<Vec<Owned<Prompt>>> {
        with_owners_of(self.users.as_ref(), self.list(caller, right).await?).await
    }
}
