use keelson_domain::access::{Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::knowledge::Knowledge;
use keelson_domain::shared::StoreResult;

use super::KnowledgeCollections;
use crate::user::{Owned, with_owners_of};

/// Collections on one page (the reference's number).
const PAGE: i64 = 30;

/// A collection in a list.
#[derive(Debug, Clone)]
pub struct ListedKnowledge {
    /// The collection and its owner.
    pub collection: Owned<Knowledge>,
    /// Whether the caller may change it.
    pub is_writable: bool,
}

impl KnowledgeCollections {
    /// A page (from 1) of the collections that the caller may read, newest change first, and how many there are in all.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, caller: &Caller, page: i64) -> StoreResult<(Vec<ListedKnowledge>, i64)> {
        let access = self.access.of(caller).await?;
        let scope = access.scope(Right::Read, Unset::Public);
        let skip = (page.max(1) - 1).saturating_mul(PAGE);
        let (collections, total) = self.repository.page(&scope, skip, PAGE).await?;
        let owned = with_owners_of(self.users.as_ref(), collections).await?;
        let listed = owned.into_iter().map(|collection| ListedKnowledge {
            is_writable: access.may(Right::Write, &collection.object),
            collection,
        });
        Ok((listed.collect(), total))
    }
}
