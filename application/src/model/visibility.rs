use std::sync::Arc;

use keelson_domain::access::{Access, AccessRules, Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::model::Model;
use serde_json::{Map, Value};

use super::catalog::{CatalogEntry, EntryKind};
use super::provider_models::ProviderModel;
use super::{ModelError, Models};

/// Which models of the catalog a caller may use.
pub(super) struct Visibility(Arc<Access>);

impl Visibility {
    /// Whether every model may be used, whatever its rules say.
    pub(super) fn is_unlimited(&self) -> bool {
        self.0.sees_all_models()
    }

    /// Whether an entry is visible.
    pub(super) fn includes(&self, entry: &CatalogEntry) -> bool {
        self.0.sees_all_models()
            || match &entry.kind {
                EntryKind::Demo => true,
                // An arena without access rules, such as the default one, is for administrators.
                EntryKind::Arena(meta) => meta.get("access_control").is_some_and(|rules| {
                    let rules = AccessRules::new(Some(rules), Unset::Public);
                    self.0.is_granted(Right::Read, rules)
                }),
                EntryKind::Provider | EntryKind::Preset => {
                    self.includes_workspace_model(entry.workspace_model.as_deref())
                }
            }
    }

    /// Whether a provider's model may be used.
    pub(super) fn includes_provider_model(&self, model: &ProviderModel) -> bool {
        self.0.sees_all_models()
            || model.is_demo
            || self.includes_workspace_model(model.workspace_model.as_deref())
    }

    /// A provider's model without a workspace model is for administrators.
    fn includes_workspace_model(&self, model: Option<&Model>) -> bool {
        model.is_some_and(|model| self.0.may(Right::Read, model))
    }
}

impl Models {
    pub(super) async fn visibility(&self, caller: &Caller) -> Result<Visibility, ModelError> {
        Ok(Visibility(self.access.of(caller).await?))
    }

    /// The models that a caller may use, in the admin's order.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list_visible(&self, caller: &Caller) -> Result<Vec<Arc<CatalogEntry>>, ModelError> {
        let (catalog, visibility) = tokio::try_join!(self.load_catalog(caller), self.visibility(caller))?;
        let visible = catalog.entries.iter().filter(|entry| visibility.includes(entry));
        Ok(visible.cloned().collect())
    }

    /// The providers' models that a caller may use, without presets, arenas and what the workspace adds.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list_provider_models(&self, caller: &Caller) -> Result<Vec<Map<String, Value>>, ModelError> {
        let (catalog, visibility) = tokio::try_join!(self.load_catalog(caller), self.visibility(caller))?;
        let visible = catalog
            .provider_models
            .iter()
            .filter(|model| visibility.includes_provider_model(model));
        Ok(visible.map(|model| model.listing.clone()).collect())
    }
}
