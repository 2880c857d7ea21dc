//! Models: what the providers offer and the workspace adds, who may use what, and who answers.
//!
//! `feed.rs` keeps one connection's list, `catalog.rs` merges all of them with arenas and the workspace's models,
//! `resolve.rs` finds out who answers for an id.

mod catalog;
pub(crate) mod connections;
mod error;
mod exchange;
mod feed;
mod forward;
mod list;
mod listing;
mod manage;
mod offered;
mod ports;
mod provider;
mod resolve;
mod task_model;
mod visible;

use std::sync::Arc;
use std::time::Duration;

use keelson_domain::config::Deployment;
use keelson_domain::model::{ModelProvider, ModelRepository};
use keelson_domain::shared::{Clock, Ids};
use keelson_domain::user::UserRepository;
use moka::future::Cache;
use moka::sync::Cache as SyncCache;

use crate::Ports;
use crate::access::AccessControl;
use crate::config::Settings;

pub use catalog::{Entry, Kind};
pub use error::ModelError;
pub use list::{ListedModel, ModelOrder, ModelQuery, Whose};
pub use manage::SaveModel;
pub use ports::ModelPorts;
pub use provider::Verify;
pub use resolve::Resolved;

/// The use cases of the room.
pub struct Models {
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    models: Arc<dyn ModelRepository>,
    access: Arc<AccessControl>,
    users: Arc<dyn UserRepository>,
    openai: Arc<dyn ModelProvider>,
    demo: Arc<dyn ModelProvider>,
    settings: Arc<Settings>,
    deployment: Arc<Deployment>,
    /// Lists of connections, by everything that a list depends on.
    feeds: SyncCache<String, Arc<feed::Feed>>,
    /// Merged lists, by the version of the settings and, where providers are told who asks, by who asks.
    catalogs: Cache<(i64, Option<String>), Arc<catalog::Catalog>>,
}

impl Models {
    /// From the ports it needs.
    pub fn new(
        ports: &Ports,
        access: Arc<AccessControl>,
        settings: Arc<Settings>,
        deployment: Arc<Deployment>,
    ) -> Self {
        let life = deployment.providers.models_ttl;
        Self {
            clock: ports.clock.clone(),
            ids: ports.ids.clone(),
            models: ports.model.repository.clone(),
            access,
            users: ports.user.repository.clone(),
            openai: ports.model.openai.clone(),
            demo: ports.model.demo.clone(),
            settings,
            deployment,
            feeds: SyncCache::builder()
                .max_capacity(1_000)
                .time_to_idle(Duration::from_secs(3_600))
                .build(),
            catalogs: Cache::builder().max_capacity(1_000).time_to_live(life).build(),
        }
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}
