use keelson_domain::access::Denied;
use keelson_domain::auth::Caller;
use keelson_domain::function::Function;
use keelson_domain::shared::{StoreError, StoreResult};

use super::Functions;
use crate::user::{Owned, with_owners};

/// Why functions cannot be listed.
#[derive(Debug, thiserror::Error)]
pub enum FunctionError {
    /// Only administrators see the source of functions.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Anything else.
    #[error("unexpected")]
    Unexpected(#[source] StoreError),
}

impl From<StoreError> for FunctionError {
    fn from(error: StoreError) -> Self {
        Self::Unexpected(error)
    }
}

impl Functions {
    /// All functions, oldest first: everyone may know which there are.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, _caller: &Caller) -> StoreResult<Vec<Function>> {
        self.repository.list().await
    }

    /// All functions with their source and owners, for administrators.
    ///
    /// # Errors
    /// [`FunctionError::Denied`].
    pub async fn list_with_source(&self, caller: &Caller) -> Result<Vec<Owned<Function>>, FunctionError> {
        self.access.of(caller).await?.require_administrator()?;
        let functions = self.repository.list().await?;
        Ok(with_owners(self.users.as_ref(), functions, |function| &function.owner).await?)
    }
}
