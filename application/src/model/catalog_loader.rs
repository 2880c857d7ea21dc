use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use keelson_domain::auth::Caller;
use keelson_domain::config::{Snapshot, table};
use keelson_domain::model::Connection;
use keelson_domain::shared::StoreError;
use secrecy::ExposeSecret;
use serde_json::Value;

use super::catalog::Catalog;
use super::connections::EnabledConnection;
use super::model_list_cache::{ModelListCache, ModelListFetch};
use super::provider_models::{ProviderModel, configured_models, provider_models};
use super::{ModelError, Models};

/// How long a list is fresh with `ENABLE_BASE_MODELS_CACHE`: until somebody asks for a refresh.
const UNTIL_REFRESH: Duration = Duration::from_secs(100 * 365 * 24 * 3_600);

/// The models of one connection.
struct ConnectionList {
    models: Vec<ProviderModel>,
    /// Whether this instance knows them itself; else others told of them, if anybody did.
    is_own: bool,
}

impl Models {
    /// The merged catalog, from a cache; of each provider the list that it sent last.
    pub(super) async fn load_catalog(&self, caller: &Caller) -> Result<Arc<Catalog>, ModelError> {
        let settings = self.settings.snapshot();
        let user = self
            .deployment
            .providers
            .forward_user_info
            .then(|| caller.id().to_string());
        self.catalogs
            .try_get_with(
                (settings.version(), user),
                self.build_catalog(&settings, caller, false),
            )
            .await
            .map_err(|error: Arc<StoreError>| ModelError::Unexpected(Box::new(error)))
    }

    /// Fetches every provider's list again and waits for those that arrive in time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refresh(&self, caller: &Caller) -> Result<(), ModelError> {
        self.forget_shared();
        let settings = self.settings.snapshot();
        self.build_catalog(&settings, caller, true).await?;
        self.invalidate_catalog();
        Ok(())
    }

    /// Makes the next reader merge the catalog again, after a change.
    pub(super) fn invalidate_catalog(&self) {
        self.catalogs.invalidate_all();
    }

    /// Fetches the providers' lists at start with `ENABLE_BASE_MODELS_CACHE`, so that the first reader does not wait. Not
    /// where requests carry the user's identity: there is no user yet.
    pub async fn warm(&self) {
        let settings = self.settings.snapshot();
        if !settings.bool(&table::ENABLE_BASE_MODELS_CACHE) || self.deployment.providers.forward_user_info {
            return;
        }
        let enabled = self.enabled_connections(&settings);
        let caches = enabled
            .iter()
            .filter(|enabled| configured_models(&enabled.connection).is_none())
            .map(|enabled| self.model_list_cache(enabled, None));
        join_all(caches.map(|cache| async move { cache.load(false, UNTIL_REFRESH).await })).await;
    }

    async fn build_catalog(
        &self,
        settings: &Snapshot,
        caller: &Caller,
        force_refresh: bool,
    ) -> Result<Arc<Catalog>, StoreError> {
        let ttl = if settings.bool(&table::ENABLE_BASE_MODELS_CACHE) {
            UNTIL_REFRESH
        } else {
            self.deployment.providers.models_ttl
        };
        let enabled = self.enabled_connections(settings);
        let lists = enabled
            .iter()
            .map(|enabled| self.load_provider_models(enabled, caller, force_refresh, ttl));
        let (lists, workspace_models) = tokio::join!(join_all(lists), self.models.all());
        let is_complete = lists.iter().all(|list| list.is_own);
        let provider_models = lists.into_iter().flat_map(|list| list.models).collect();
        let now = self.clock.now().seconds();
        let catalog = Catalog::new(settings, provider_models, workspace_models?, now);
        if is_complete {
            self.share(&catalog);
        }
        Ok(Arc::new(catalog))
    }

    async fn load_provider_models(
        &self,
        enabled: &EnabledConnection,
        caller: &Caller,
        force_refresh: bool,
        ttl: Duration,
    ) -> ConnectionList {
        let connection = &enabled.connection;
        let list = |models: &[Value], is_own| ConnectionList {
            models: provider_models(connection, enabled.is_demo, models),
            is_own,
        };
        if let Some(models) = configured_models(connection) {
            return list(&models, true);
        }
        let cache = self.model_list_cache(enabled, Some(caller));
        let listed = cache.load(force_refresh, ttl).await;
        if cache.was_fetched() {
            return list(&listed.models, true);
        }
        list(&self.find_shared_models(connection).await, false)
    }

    /// The connections whose providers say that they are servers of pipelines; every provider is asked again, but those
    /// of connections that are limited to some models.
    ///
    /// # Errors
    /// [`ModelError::NotPermitted`] for anyone but administrators.
    pub async fn list_pipeline_servers(&self, admin: &Caller) -> Result<Vec<Arc<Connection>>, ModelError> {
        self.access.of(admin).await?.require_administrator()?;
        let enabled = self.enabled_connections(&self.settings.snapshot());
        let asked = enabled
            .iter()
            .filter(|enabled| configured_models(&enabled.connection).is_none());
        let servers = asked.map(|enabled| async move {
            let cache = self.model_list_cache(enabled, Some(admin));
            let listed = cache.load(true, Duration::ZERO).await;
            listed.has_pipelines.then(|| enabled.connection.clone())
        });
        Ok(join_all(servers).await.into_iter().flatten().collect())
    }

    fn model_list_cache(&self, enabled: &EnabledConnection, caller: Option<&Caller>) -> Arc<ModelListCache> {
        let connection = &enabled.connection;
        let headers = caller
            .map(|caller| self.user_headers(caller, None))
            .unwrap_or_default();
        let user = caller
            .filter(|_| !headers.is_empty())
            .map_or("", |caller| caller.id().as_str());
        let key = format!(
            "{}\n{}\n{}\n{}\n{user}",
            enabled.is_demo,
            connection.url,
            connection.key.expose_secret(),
            serde_json::to_string(&connection.options).unwrap_or_default(),
        );
        self.model_lists.get_with(key, || {
            Arc::new(ModelListCache::new(ModelListFetch {
                provider: self.protocol(enabled),
                connection: connection.clone(),
                headers,
                clock: self.clock.clone(),
                timeout: self.deployment.providers.model_list,
            }))
        })
    }
}
