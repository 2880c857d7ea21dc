use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use keelson_domain::auth::Caller;
use keelson_domain::config::{Snapshot, table};
use keelson_domain::shared::StoreError;
use secrecy::ExposeSecret;

use super::catalog::{Base, Catalog};
use super::connections::Source;
use super::feed::{Feed, Fetch};
use super::offered::{allowed, offered};
use super::{ModelError, Models};

/// How long a list counts as new with `ENABLE_BASE_MODELS_CACHE`: until somebody asks for a fresh one.
const UNTIL_ASKED: Duration = Duration::from_secs(100 * 365 * 24 * 3_600);

impl Models {
    /// What is on offer: at most a moment old, and of each provider what it said last.
    pub(super) async fn catalog(&self, caller: &Caller) -> Result<Arc<Catalog>, ModelError> {
        let settings = self.settings.snapshot();
        let asker = self
            .deployment
            .providers
            .forward_user_info
            .then(|| caller.id().to_string());
        self.catalogs
            .try_get_with((settings.version(), asker), self.build(&settings, caller, false))
            .await
            .map_err(|error: Arc<StoreError>| ModelError::Unexpected(Box::new(error)))
    }

    /// Asks every provider again and waits for the answers, as far as they come in time.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn refresh(&self, caller: &Caller) -> Result<(), ModelError> {
        let settings = self.settings.snapshot();
        self.build(&settings, caller, true).await?;
        self.forget();
        Ok(())
    }

    /// Lets the next reader merge again, after a change.
    pub(super) fn forget(&self) {
        self.catalogs.invalidate_all();
    }

    /// Fetches the providers' lists where they are kept until somebody asks for fresh ones, so that the first reader need
    /// not wait. Where providers are told who asks, nobody asks yet.
    pub async fn warm(&self) {
        let settings = self.settings.snapshot();
        if !settings.bool(&table::ENABLE_BASE_MODELS_CACHE) || self.deployment.providers.forward_user_info {
            return;
        }
        let sources = self.sources(&settings);
        let asked = sources
            .iter()
            .filter(|source| allowed(&source.connection).is_none());
        let feeds = asked.map(|source| self.feed(source, None));
        join_all(feeds.map(|feed| async move { feed.models(false, UNTIL_ASKED).await })).await;
    }

    async fn build(
        &self,
        settings: &Snapshot,
        caller: &Caller,
        fresh: bool,
    ) -> Result<Arc<Catalog>, StoreError> {
        let life = if settings.bool(&table::ENABLE_BASE_MODELS_CACHE) {
            UNTIL_ASKED
        } else {
            self.deployment.providers.models_ttl
        };
        let sources = self.sources(settings);
        let lists = sources
            .iter()
            .map(|source| self.offers(source, caller, fresh, life));
        let (lists, rows) = tokio::join!(join_all(lists), self.models.all());
        let offered = lists.into_iter().flatten().collect();
        let now = self.clock.now().seconds();
        Ok(Arc::new(Catalog::new(settings, offered, rows?, now)))
    }

    async fn offers(&self, source: &Source, caller: &Caller, fresh: bool, life: Duration) -> Vec<Base> {
        let connection = &source.connection;
        let models = match allowed(connection) {
            Some(models) => Arc::new(models),
            None => self.feed(source, Some(caller)).models(fresh, life).await,
        };
        offered(connection, &models)
            .into_iter()
            .map(|model| Base::new(model, connection.clone(), source.demo))
            .collect()
    }

    fn feed(&self, source: &Source, caller: Option<&Caller>) -> Arc<Feed> {
        let connection = &source.connection;
        let headers = caller
            .map(|caller| self.user_headers(caller, None))
            .unwrap_or_default();
        let asker = caller
            .filter(|_| !headers.is_empty())
            .map_or("", |caller| caller.id().as_str());
        let key = format!(
            "{}\n{}\n{}\n{}\n{asker}",
            source.demo,
            connection.url,
            connection.key.expose_secret(),
            serde_json::to_string(&connection.options).unwrap_or_default(),
        );
        self.feeds.get_with(key, || {
            Arc::new(Feed::new(Fetch {
                provider: if source.demo {
                    self.demo.clone()
                } else {
                    self.openai.clone()
                },
                connection: connection.clone(),
                headers,
                clock: self.clock.clone(),
                deadline: self.deployment.providers.model_list,
            }))
        })
    }
}
