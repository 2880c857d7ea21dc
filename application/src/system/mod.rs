//! The server itself: is it up, is it ready, what does the front end need to know.

mod ports;
mod readiness;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use keelson_domain::auth::Caller;
use keelson_domain::config::{Deployment, Setting, Snapshot};
use keelson_domain::shared::StoreResult;
use keelson_domain::system::{OperatorDocuments, StorageHealth};
use keelson_domain::user::UserRepository;
use moka::future::Cache;
use serde_json::{Map, Value};

pub use ports::SystemPorts;
pub use readiness::{Readiness, Report, Step};

use crate::Ports;
use crate::config::{ConfigError, Settings};

/// How long a count of the accounts may be reused: the front end asks for it with every page.
const COUNT_LIFE: Duration = Duration::from_secs(1);

/// How long a fetched manifest is used, and how long none is fetched after a failure.
const MANIFEST_LIFE: Duration = Duration::from_secs(60);

/// What the server says about itself.
pub struct System {
    /// What the operator fixed at start.
    pub deployment: Arc<Deployment>,
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// Whether this instance may get traffic, and what it does without.
    pub readiness: Readiness,
    health: Arc<dyn StorageHealth>,
    users: Arc<dyn UserRepository>,
    documents: Arc<dyn OperatorDocuments>,
    counted: Cache<(), i64>,
    manifest: Cache<(), Option<Arc<Map<String, Value>>>>,
    has_users: AtomicBool,
}

impl System {
    /// From the ports it needs.
    pub fn new(
        ports: &Ports,
        deployment: Arc<Deployment>,
        settings: Arc<Settings>,
        readiness: Readiness,
    ) -> Self {
        Self {
            deployment,
            settings,
            readiness,
            health: ports.system.storage_health.clone(),
            users: ports.identity.user.repository.clone(),
            documents: ports.system.documents.clone(),
            manifest: Cache::builder()
                .max_capacity(1)
                .time_to_live(MANIFEST_LIFE)
                .build(),
            counted: Cache::builder().max_capacity(1).time_to_live(COUNT_LIFE).build(),
            has_users: AtomicBool::new(false),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping_database(&self) -> StoreResult<()> {
        self.health.ping().await
    }

    /// The web app's manifest of the operator (`EXTERNAL_PWA_MANIFEST_URL`); none when there is none, and when it cannot be
    /// fetched, which is logged: the server's own then serves.
    pub async fn external_manifest(&self) -> Option<Arc<Map<String, Value>>> {
        let url = self.deployment.general.manifest_url.as_deref()?;
        let fetched = async {
            let fetched = self.documents.fetch(url).await;
            let document = fetched.inspect_err(|error| {
                let source = std::error::Error::source(error).map(ToString::to_string);
                tracing::warn!(
                    variable = "EXTERNAL_PWA_MANIFEST_URL",
                    %error,
                    source,
                    "the web app's manifest cannot be fetched; the server's own is served"
                );
            });
            document.ok().map(Arc::new)
        };
        self.manifest.get_with((), fetched).await
    }

    /// How many accounts there are; at most a second old.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn count_users(&self) -> StoreResult<i64> {
        if let Some(count) = self.counted.get(&()).await {
            return Ok(count);
        }
        let count = self.users.count().await?;
        self.counted.insert((), count).await;
        Ok(count)
    }

    /// Whether anyone has signed up yet; once true it is never asked again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn has_users(&self) -> StoreResult<bool> {
        if self.has_users.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let any = self.users.count().await? > 0;
        self.has_users.store(any, Ordering::Relaxed);
        Ok(any)
    }

    /// Changes one setting on an admin's behalf and answers the settings that result.
    ///
    /// # Errors
    /// When the value does not fit or the store fails.
    pub async fn set(
        &self,
        _admin: &Caller,
        setting: &Setting,
        value: Value,
    ) -> Result<Arc<Snapshot>, ConfigError> {
        self.settings.change(&[(*setting, value)]).await?;
        Ok(self.settings.current().clone())
    }
}
