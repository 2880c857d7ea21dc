use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::config::table;
use keelson_domain::model::{Connection, ModelProvider};
use serde_json::{Map, Value};

use super::catalog::{Catalog, CatalogEntry, EntryKind};
use super::provider_models::ProviderModel;
use super::visibility::Visibility;
use super::{ModelError, Models, connections};

/// How many presets may be stacked on each other.
pub(super) const MAX_PRESET_DEPTH: usize = 8;

/// The provider's model behind a model that a caller chose.
#[derive(Clone)]
pub struct ResolvedModel {
    /// The catalog's id of the model that answers: the chosen one, or the one that an arena selected.
    pub id: String,
    /// The selected model, where the chosen one is an arena.
    pub selected: Option<String>,
    /// The catalog entry of the model that answers.
    pub entry: Arc<CatalogEntry>,
    /// The connection that serves it.
    pub connection: Arc<Connection>,
    /// The protocol that the connection speaks.
    pub provider: Arc<dyn ModelProvider>,
    /// Its id at the provider, without the connection's prefix.
    pub upstream_id: String,
}

impl ResolvedModel {
    /// The parameters that the workspace gives the model; none for a plain provider's model.
    pub fn params(&self) -> Option<&Map<String, Value>> {
        self.entry.workspace_model.as_ref().map(|model| &model.params)
    }
}

impl Models {
    /// Resolves a model to the provider's model that answers, if the caller may use it and everything below it.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::NotAllowed`].
    pub async fn resolve(&self, caller: &Caller, model_id: &str) -> Result<ResolvedModel, ModelError> {
        let (catalog, visibility) = tokio::try_join!(self.load_catalog(caller), self.visibility(caller))?;
        let entry = catalog.entry(model_id).ok_or(ModelError::NotFound)?;
        if !visibility.includes(entry) {
            return Err(ModelError::NotAllowed);
        }
        self.check_bases(&catalog, &visibility, entry).await?;
        self.resolve_entry(caller, &catalog, entry, Some(&visibility))
    }

    /// As [`Models::resolve`], for a model that the admin chose for everyone: the caller's access is not checked.
    pub(super) async fn resolve_unchecked(
        &self,
        caller: &Caller,
        model_id: &str,
    ) -> Result<ResolvedModel, ModelError> {
        let catalog = self.load_catalog(caller).await?;
        let entry = catalog.entry(model_id).ok_or(ModelError::NotFound)?;
        self.resolve_entry(caller, &catalog, entry, None)
    }

    fn resolve_entry(
        &self,
        caller: &Caller,
        catalog: &Catalog,
        entry: &Arc<CatalogEntry>,
        visibility: Option<&Visibility>,
    ) -> Result<ResolvedModel, ModelError> {
        let EntryKind::Arena(meta) = &entry.kind else {
            let base = self.base_model(catalog, entry, visibility)?;
            return Ok(self.resolve_model(caller, base, entry, None));
        };
        // Access to an arena includes its models: their own access is not checked.
        let candidates = arena_candidates(catalog, meta);
        let selected = candidates
            .get(self.ids.pick(candidates.len()))
            .ok_or(ModelError::NotFound)?;
        let base = self.base_model(catalog, selected, None)?;
        Ok(self.resolve_model(caller, base, selected, Some(selected.id.clone())))
    }

    /// The provider's model below an entry, or the one that stands in for it; the caller must be allowed to use that one,
    /// where a visibility is given.
    fn base_model<'c>(
        &self,
        catalog: &'c Catalog,
        entry: &CatalogEntry,
        visibility: Option<&Visibility>,
    ) -> Result<&'c Arc<ProviderModel>, ModelError> {
        if let Some(base) = find_provider_model(catalog, entry) {
            return Ok(base);
        }
        let fallback = self.fallback_model(catalog).ok_or(ModelError::NotFound)?;
        match visibility.is_none_or(|visibility| visibility.includes_provider_model(fallback)) {
            true => Ok(fallback),
            false => Err(ModelError::NotAllowed),
        }
    }

    fn resolve_model(
        &self,
        caller: &Caller,
        base: &ProviderModel,
        entry: &Arc<CatalogEntry>,
        selected: Option<String>,
    ) -> ResolvedModel {
        let provider = if base.is_demo { &self.demo } else { &self.openai };
        ResolvedModel {
            id: entry.id.clone(),
            selected,
            entry: entry.clone(),
            connection: connections::with_caller_credential(&base.connection, caller),
            provider: provider.clone(),
            upstream_id: base.upstream_id.clone(),
        }
    }

    /// The first default model, for presets whose base model is gone (`ENABLE_CUSTOM_MODEL_FALLBACK`).
    fn fallback_model<'c>(&self, catalog: &'c Catalog) -> Option<&'c Arc<ProviderModel>> {
        if !self.deployment.completion.custom_model_fallback {
            return None;
        }
        let settings = self.settings.current();
        let first = settings.text(&table::DEFAULT_MODELS).split(',').next()?.trim();
        find_provider_model(catalog, catalog.entry(first)?)
    }
}

/// The provider's model of an entry, below all presets.
pub(super) fn find_provider_model<'c>(
    catalog: &'c Catalog,
    entry: &CatalogEntry,
) -> Option<&'c Arc<ProviderModel>> {
    let mut preset = match &entry.kind {
        EntryKind::Preset => entry.workspace_model.as_ref()?,
        EntryKind::Provider | EntryKind::Demo => return catalog.provider_model(&entry.id),
        EntryKind::Arena(_) => return None,
    };
    for _ in 0..MAX_PRESET_DEPTH {
        let id = preset.base.as_ref()?.as_str();
        if let Some(model) = catalog.provider_model(id) {
            return Some(model);
        }
        preset = catalog.entry(id)?.workspace_model.as_ref()?;
    }
    None
}

/// The models that may answer in an arena.
fn arena_candidates(catalog: &Catalog, meta: &Map<String, Value>) -> Vec<Arc<CatalogEntry>> {
    let listed: Option<Vec<&str>> = meta
        .get("model_ids")
        .and_then(Value::as_array)
        .filter(|ids| !ids.is_empty())
        .map(|ids| ids.iter().filter_map(Value::as_str).collect());
    let is_exclusion = meta.get("filter_mode").and_then(Value::as_str) == Some("exclude");
    let takes_part = |entry: &&Arc<CatalogEntry>| {
        !matches!(entry.kind, EntryKind::Arena(_))
            && listed
                .as_ref()
                .is_none_or(|ids| ids.contains(&entry.id.as_str()) != is_exclusion)
    };
    catalog.entries.iter().filter(takes_part).cloned().collect()
}
