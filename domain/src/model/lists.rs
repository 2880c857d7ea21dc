use std::collections::BTreeSet;

use async_trait::async_trait;

use super::Model;
use crate::access::Scope;
use crate::shared::StoreResult;
use crate::user::UserId;

/// Whose models a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ModelOwner {
    /// Anybody's.
    #[default]
    Any,
    /// One account's.
    Is(UserId),
    /// Everybody's but one account's.
    IsNot(UserId),
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ModelOrder {
    /// By name.
    Name,
    /// By the time of creation.
    #[default]
    CreatedAt,
    /// By the last change.
    UpdatedAt,
}

/// Which presets a list shows.
#[derive(Debug, Clone, Default)]
pub struct ModelQuery {
    /// Text in the name or in the base's id, whatever its case.
    pub text: Option<String>,
    /// Whose models.
    pub owner: ModelOwner,
    /// A tag, whatever its case.
    pub tag: Option<String>,
    /// Order; models that are equal in it come by their ids.
    pub order: ModelOrder,
    /// Whether the order is ascending (A first, oldest first).
    pub ascending: bool,
    /// How many to pass over.
    pub skip: i64,
    /// How many at most.
    pub limit: i64,
}

/// Lists of the workspace's models. A preset has a base; a model without one holds the settings of a provider's model.
#[async_trait]
pub trait ModelLists: Send + Sync {
    /// The presets within a scope that a query selects, and how many there are on all pages.
    async fn page(&self, scope: &Scope, query: &ModelQuery) -> StoreResult<(Vec<Model>, i64)>;
    /// All presets within a scope, in the order in which they were made.
    async fn presets(&self, scope: &Scope) -> StoreResult<Vec<Model>>;
    /// The names of the tags of the presets within a scope, each once.
    async fn tags(&self, scope: &Scope) -> StoreResult<BTreeSet<String>>;
    /// The settings of providers' models, in the order in which they were made.
    async fn provider_settings(&self) -> StoreResult<Vec<Model>>;
}
