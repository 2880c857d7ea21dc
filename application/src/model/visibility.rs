use std::sync::Arc;

use keelson_domain::auth::{AccessControl, Caller, Right};
use keelson_domain::model::Model;
use serde_json::{Map, Value};

use super::catalog::{CatalogEntry, EntryKind};
use super::provider_models::ProviderModel;
use super::{ModelError, Models};

/// Which models of the catalog a caller may use.
pub(super) struct Visibility<'c> {
    caller: &'c Caller,
    sees_all: bool,
    groups: Vec<String>,
}

impl Visibility<'_> {
    /// Whether an entry is visible.
    pub(super) fn includes(&self, entry: &CatalogEntry) -> bool {
        self.sees_all
            || match &entry.kind {
                EntryKind::Demo => true,
                // An arena without access rules, such as the default one, is for admins.
                EntryKind::Arena(meta) => meta
                    .get("access_control")
                    .is_some_and(|rules| self.grants(Some(rules))),
                EntryKind::Provider | EntryKind::Preset => {
                    self.includes_workspace_model(entry.workspace_model.as_deref())
                }
            }
    }

    fn includes_provider_model(&self, model: &ProviderModel) -> bool {
        self.sees_all || model.is_demo || self.includes_workspace_model(model.workspace_model.as_deref())
    }

    /// A provider's model without a workspace model is for admins.
    fn includes_workspace_model(&self, model: Option<&Model>) -> bool {
        model.is_some_and(|model| {
            model.owner == *self.caller.id() || self.grants(model.access_control.as_ref())
        })
    }

    fn grants(&self, rules: Option<&Value>) -> bool {
        AccessControl(rules).grants(Right::Read, self.caller.id(), &self.groups)
    }
}

impl Models {
    /// Whether nothing is hidden from a caller.
    pub(super) fn sees_all(&self, caller: &Caller) -> bool {
        let access = &self.deployment.access;
        access.bypass_model_access_control || (caller.is_admin() && access.bypass_admin_access_control)
    }

    pub(super) async fn visibility<'c>(&self, caller: &'c Caller) -> Result<Visibility<'c>, ModelError> {
        let sees_all = self.sees_all(caller);
        let groups = if sees_all {
            Vec::new()
        } else {
            self.group_ids(caller).await?
        };
        Ok(Visibility {
            caller,
            sees_all,
            groups,
        })
    }

    /// The ids of a caller's groups.
    pub(super) async fn group_ids(&self, caller: &Caller) -> Result<Vec<String>, ModelError> {
        let groups = self.groups.of_user(caller.id()).await?;
        Ok(groups.into_iter().map(|group| group.id.into_string()).collect())
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
