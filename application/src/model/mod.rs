//! Models: what providers offer and the workspace adds, who may use what, and which provider answers.
//!
//! `model_list_cache.rs` caches one connection's list, `provider_models.rs` makes models of it, `catalog_loader.rs` loads
//! all connections and `catalog.rs` merges them with arenas and the workspace's models. `visibility.rs` says which of them
//! a caller may use, `resolve.rs` which provider's model answers for an id, `route.rs` which connection serves what is
//! forwarded, `bases.rs` who may use what lies below a preset. `share.rs` tells other instances of the models.

mod bases;
mod catalog;
mod catalog_loader;
mod connection_models;
mod connections;
mod error;
mod forward;
mod import;
mod list;
mod manage;
mod model_list_cache;
mod ports;
mod provider_models;
mod proxy_body;
mod relay;
mod resolve;
mod route;
mod share;
mod task_model;
mod visibility;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use keelson_domain::config::Deployment;
use keelson_domain::model::{ModelLists, ModelProvider, ModelRepository, SharedModels};
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::user::UserRepository;
use moka::future::Cache;
use moka::sync::Cache as SyncCache;

use crate::Ports;
use crate::access::AccessControl;
use crate::config::Settings;

pub use catalog::{CatalogEntry, EntryKind};
pub use connection_models::ConnectionTest;
pub use error::ModelError;
pub use list::{ListModels, Ownership};
pub use manage::SaveModel;
pub use ports::ProviderPorts;
pub use resolve::ResolvedModel;

/// The use cases of the room.
pub struct Models {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    models: Arc<dyn ModelRepository>,
    lists: Arc<dyn ModelLists>,
    access: Arc<AccessControl>,
    users: Arc<dyn UserRepository>,
    openai: Arc<dyn ModelProvider>,
    demo: Arc<dyn ModelProvider>,
    /// What other instances know, and are told.
    shared: Arc<dyn SharedModels>,
    last_shared: Mutex<Vec<Arc<CatalogEntry>>>,
    settings: Arc<Settings>,
    deployment: Arc<Deployment>,
    /// Model lists of connections, by everything that a list depends on.
    model_lists: SyncCache<String, Arc<model_list_cache::ModelListCache>>,
    /// Merged catalogs, by the version of the settings and, where requests carry the user's identity, by user.
    catalogs: Cache<(i64, Option<String>), Arc<catalog::Catalog>>,
}

impl Models {
    /// From ports, settings and what the operator fixed.
    pub fn new(
        ports: &Ports,
        access: Arc<AccessControl>,
        settings: Arc<Settings>,
        deployment: Arc<Deployment>,
    ) -> Self {
        let ttl = deployment.providers.models_ttl;
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            models: ports.workspace.model.repository.clone(),
            lists: ports.workspace.model.lists.clone(),
            access,
            users: ports.identity.user.repository.clone(),
            openai: ports.providers.openai.clone(),
            demo: ports.providers.demo.clone(),
            shared: ports.providers.shared.clone(),
            last_shared: Mutex::default(),
            settings,
            deployment,
            model_lists: SyncCache::builder()
                .max_capacity(1_000)
                .time_to_idle(Duration::from_secs(3_600))
                .build(),
            catalogs: Cache::builder().max_capacity(1_000).time_to_live(ttl).build(),
        }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
