use std::sync::Arc;

use keelson_domain::auth::Caller;
use keelson_domain::config::table;
use keelson_domain::model::{Connection, Model, ModelProvider};
use serde_json::{Map, Value};

use super::catalog::{Base, Catalog, Entry, Kind};
use super::{ModelError, Models, connections};

/// How many presets may stand on top of each other.
const DEPTH: usize = 8;

/// Who answers for a model that a caller chose.
#[derive(Clone)]
pub struct Resolved {
    /// The model that answers, as the workspace names it: the chosen one, or the one that an arena picked.
    pub id: String,
    /// The pick, where the chosen model is an arena.
    pub selected: Option<String>,
    /// The model's listing as clients see it.
    pub entry: Arc<Entry>,
    /// What the workspace says about the model: parameters, description.
    pub row: Option<Arc<Model>>,
    /// Where it is asked.
    pub connection: Arc<Connection>,
    /// How it is asked.
    pub provider: Arc<dyn ModelProvider>,
    /// Its name there, without the connection's prefix.
    pub upstream_id: String,
}

impl Resolved {
    /// The parameters that the workspace gives the model; none for a plain provider's model.
    pub fn params(&self) -> Option<&Map<String, Value>> {
        self.row.as_ref().map(|row| &row.params)
    }

    /// The description that the workspace gives the model.
    pub fn meta(&self) -> Option<&Map<String, Value>> {
        self.row.as_ref().map(|row| &row.meta)
    }
}

impl Models {
    /// Finds out who answers for a model, if the caller may use it.
    ///
    /// # Errors
    /// [`ModelError::NotFound`], [`ModelError::NotAllowed`].
    pub async fn resolve(&self, caller: &Caller, model_id: &str) -> Result<Resolved, ModelError> {
        let (catalog, eyes) = tokio::try_join!(self.catalog(caller), self.eyes(caller))?;
        let entry = catalog.entry(model_id).ok_or(ModelError::NotFound)?;
        if !eyes.sees(entry) {
            return Err(ModelError::NotAllowed);
        }
        self.answerer(caller, &catalog, entry)
    }

    /// As [`Models::resolve`], for a model that the server chose and not the caller.
    pub(super) async fn resolve_chosen(
        &self,
        caller: &Caller,
        model_id: &str,
    ) -> Result<Resolved, ModelError> {
        let catalog = self.catalog(caller).await?;
        let entry = catalog.entry(model_id).ok_or(ModelError::NotFound)?;
        self.answerer(caller, &catalog, entry)
    }

    fn answerer(
        &self,
        caller: &Caller,
        catalog: &Catalog,
        entry: &Arc<Entry>,
    ) -> Result<Resolved, ModelError> {
        let Kind::Arena(meta) = &entry.kind else {
            return self.resolved(caller, catalog, entry, None);
        };
        // Who may use an arena may be answered by any model in it: that is what it is for.
        let fighters = fighters(catalog, meta);
        let pick = fighters
            .get(self.ids.pick(fighters.len()))
            .ok_or(ModelError::NotFound)?;
        self.resolved(caller, catalog, pick, Some(pick.id.clone()))
    }

    fn resolved(
        &self,
        caller: &Caller,
        catalog: &Catalog,
        entry: &Arc<Entry>,
        selected: Option<String>,
    ) -> Result<Resolved, ModelError> {
        let base = match bottom(catalog, entry) {
            Some(base) => base,
            None => self.fallback(catalog).ok_or(ModelError::NotFound)?,
        };
        let provider = if base.demo { &self.demo } else { &self.openai };
        Ok(Resolved {
            id: entry.id.clone(),
            selected,
            entry: entry.clone(),
            row: entry.row.clone(),
            connection: connections::of_caller(&base.connection, caller),
            provider: provider.clone(),
            upstream_id: base.upstream.clone(),
        })
    }

    /// The first default model, for presets whose own is gone (`ENABLE_CUSTOM_MODEL_FALLBACK`).
    fn fallback<'c>(&self, catalog: &'c Catalog) -> Option<&'c Arc<Base>> {
        if !self.deployment.completion.custom_model_fallback {
            return None;
        }
        let settings = self.settings.current();
        let first = settings.text(&table::DEFAULT_MODELS).split(',').next()?.trim();
        bottom(catalog, catalog.entry(first)?)
    }
}

/// The provider's model under an entry, below all presets.
fn bottom<'c>(catalog: &'c Catalog, entry: &Entry) -> Option<&'c Arc<Base>> {
    let mut row = match &entry.kind {
        Kind::Preset => entry.row.clone()?,
        Kind::Provider | Kind::Demo => return catalog.base(&entry.id),
        Kind::Arena(_) => return None,
    };
    for _ in 0..DEPTH {
        let id = row.base.as_ref()?.as_str();
        if let Some(base) = catalog.base(id) {
            return Some(base);
        }
        row = catalog.entry(id)?.row.clone()?;
    }
    None
}

/// The models that may answer in an arena.
fn fighters(catalog: &Catalog, meta: &Map<String, Value>) -> Vec<Arc<Entry>> {
    let named: Option<Vec<&str>> = meta
        .get("model_ids")
        .and_then(Value::as_array)
        .filter(|ids| !ids.is_empty())
        .map(|ids| ids.iter().filter_map(Value::as_str).collect());
    let exclude = meta.get("filter_mode").and_then(Value::as_str) == Some("exclude");
    let takes_part = |entry: &&Arc<Entry>| {
        !matches!(entry.kind, Kind::Arena(_))
            && named
                .as_ref()
                .is_none_or(|ids| ids.contains(&entry.id.as_str()) != exclude)
    };
    catalog.entries.iter().filter(takes_part).cloned().collect()
}
