use keelson_domain::access::{Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::shared::StoreResult;
use keelson_domain::tool::Tool;

use super::Tools;
use crate::user::{Owned, with_owners_of};

impl Tools {
    /// The tools that the caller has a right to, newest change first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, caller: &Caller, right: Right) -> StoreResult<Vec<Owned<Tool>>> {
        let scope = self.access.of(caller).await?.scope(right, Unset::Public);
        with_owners_of(self.users.as_ref(), self.repository.list(&scope).await?).await
    }
}
