use std::collections::HashMap;
use std::sync::Arc;

use keelson_domain::config::{Snapshot, table};
use keelson_domain::model::Model;
use serde_json::{Map, Value, json};

use super::provider_models::ProviderModel;

/// Where a catalog entry comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum EntryKind {
    /// A provider.
    Provider,
    /// The built-in offline model.
    Demo,
    /// The workspace: a preset on top of another model.
    Preset,
    /// An arena, with its settings: which models take part, who may use it.
    Arena(Map<String, Value>),
}

/// A model that may be chosen.
pub struct CatalogEntry {
    /// Id.
    pub id: String,
    /// The listing as clients see it.
    pub listing: Value,
    /// Where it comes from.
    pub kind: EntryKind,
    /// The workspace's model: the preset itself, or the settings of a provider's model.
    pub workspace_model: Option<Arc<Model>>,
}

/// All models at one moment.
#[derive(Default)]
pub(super) struct Catalog {
    /// The providers' models.
    pub(super) provider_models: Vec<Arc<ProviderModel>>,
    /// The models that may be chosen, in the admin's order.
    pub(super) entries: Vec<Arc<CatalogEntry>>,
    provider_models_by_id: HashMap<String, Arc<ProviderModel>>,
    entries_by_id: HashMap<String, Arc<CatalogEntry>>,
}

impl Catalog {
    /// Merges the providers' models with arenas and the workspace's models.
    pub(super) fn new(
        settings: &Snapshot,
        offered: Vec<ProviderModel>,
        workspace_models: Vec<Model>,
        now: i64,
    ) -> Self {
        let workspace_models: Vec<_> = workspace_models.into_iter().map(Arc::new).collect();
        let settings_by_id: HashMap<&str, &Arc<Model>> = workspace_models
            .iter()
            .filter(|model| model.base.is_none())
            .map(|model| (model.id.as_str(), model))
            .collect();
        let mut provider_models: Vec<Arc<ProviderModel>> = Vec::with_capacity(offered.len());
        let mut provider_models_by_id = HashMap::new();
        for mut model in offered {
            // The first connection that offers an id serves it.
            if provider_models_by_id.contains_key(&model.id) {
                continue;
            }
            model.workspace_model = settings_by_id
                .get(model.id.as_str())
                .map(|model| (*model).clone());
            let model = Arc::new(model);
            provider_models_by_id.insert(model.id.clone(), model.clone());
            provider_models.push(model);
        }
        let mut entries = Vec::new();
        if !provider_models.is_empty() {
            entries.extend(provider_models.iter().filter_map(|model| provider_entry(model)));
            entries.extend(arena_entries(settings, now));
            let presets = workspace_models
                .iter()
                .filter(|model| model.is_active && !provider_models_by_id.contains_key(model.id.as_str()));
            entries.extend(presets.filter_map(|model| preset_entry(model, &provider_models_by_id)));
        }
        sort(settings, &mut entries);
        let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
        let entries_by_id = entries
            .iter()
            .rev()
            .map(|entry| (entry.id.clone(), entry.clone()))
            .collect();
        Self {
            provider_models,
            entries,
            provider_models_by_id,
            entries_by_id,
        }
    }

    /// The entry of an id.
    pub(super) fn entry(&self, id: &str) -> Option<&Arc<CatalogEntry>> {
        self.entries_by_id.get(id)
    }

    /// The provider's model of an id.
    pub(super) fn provider_model(&self, id: &str) -> Option<&Arc<ProviderModel>> {
        self.provider_models_by_id.get(id)
    }
}

fn provider_entry(model: &ProviderModel) -> Option<CatalogEntry> {
    let mut listing = model.listing.clone();
    if let Some(workspace_model) = &model.workspace_model {
        if !workspace_model.is_active {
            return None;
        }
        listing.insert("name".to_owned(), json!(workspace_model.name));
        listing.insert("info".to_owned(), workspace_info(workspace_model));
    }
    let tags = model.listing.get("tags");
    let kind = if model.is_demo {
        EntryKind::Demo
    } else {
        EntryKind::Provider
    };
    Some(catalog_entry(listing, tags, model.workspace_model.clone(), kind))
}

fn preset_entry(
    preset: &Arc<Model>,
    provider_models: &HashMap<String, Arc<ProviderModel>>,
) -> Option<CatalogEntry> {
    let base = provider_models.get(preset.base.as_ref()?.as_str());
    let of_base = |name: &str| base.and_then(|base| base.listing.get(name)).cloned();
    let listing = Map::from_iter([
        ("id".to_owned(), json!(preset.id)),
        ("name".to_owned(), json!(preset.name)),
        ("object".to_owned(), json!("model")),
        ("created".to_owned(), json!(preset.created_at.seconds())),
        (
            "owned_by".to_owned(),
            of_base("owned_by").unwrap_or_else(|| json!("openai")),
        ),
        (
            "connection_type".to_owned(),
            of_base("connection_type").unwrap_or_default(),
        ),
        ("preset".to_owned(), json!(true)),
        ("info".to_owned(), workspace_info(preset)),
    ]);
    Some(catalog_entry(
        listing,
        None,
        Some(preset.clone()),
        EntryKind::Preset,
    ))
}

/// The arenas that admins configured, or the default one.
fn arena_entries(settings: &Snapshot, now: i64) -> Vec<CatalogEntry> {
    if !settings.bool(&table::ENABLE_EVALUATION_ARENA_MODELS) {
        return Vec::new();
    }
    let default = [json!({
        "id": "arena-model",
        "name": "Arena Model",
        "meta": {
            "profile_image_url": "/favicon.png",
            "description": "A random model answers without being named. Rate its answer.",
            "model_ids": null,
        },
    })];
    let configured = settings.list(&table::EVALUATION_ARENA_MODELS);
    let arenas = if configured.is_empty() {
        &default
    } else {
        configured
    };
    arenas
        .iter()
        .filter_map(|arena| arena_entry(arena, now))
        .collect()
}

fn arena_entry(arena: &Value, now: i64) -> Option<CatalogEntry> {
    let meta = arena
        .get("meta")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let listing = Map::from_iter([
        (
            "id".to_owned(),
            arena.get("id").filter(|id| id.is_string())?.clone(),
        ),
        ("name".to_owned(), arena.get("name").cloned().unwrap_or_default()),
        ("info".to_owned(), json!({"meta": without_image(&meta)})),
        ("object".to_owned(), json!("model")),
        ("created".to_owned(), json!(now)),
        ("owned_by".to_owned(), json!("arena")),
        ("arena".to_owned(), json!(true)),
    ]);
    Some(catalog_entry(listing, None, None, EntryKind::Arena(meta)))
}

fn catalog_entry(
    mut listing: Map<String, Value>,
    provider_tags: Option<&Value>,
    workspace_model: Option<Arc<Model>>,
    kind: EntryKind,
) -> CatalogEntry {
    let workspace_tags = workspace_model.as_ref().and_then(|model| model.meta.get("tags"));
    let mut names: Vec<&str> = Vec::new();
    for tag in [workspace_tags, provider_tags]
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
    {
        if let Some(name) = tag.get("name").and_then(Value::as_str)
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    let tags: Vec<_> = names.into_iter().map(|name| json!({"name": name})).collect();
    listing.insert("actions".to_owned(), json!([]));
    listing.insert("filters".to_owned(), json!([]));
    listing.insert("tags".to_owned(), Value::Array(tags));
    CatalogEntry {
        id: listing
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        listing: Value::Object(listing),
        kind,
        workspace_model,
    }
}

/// The part of a workspace model that lists show: neither its parameters (a system prompt may be confidential) nor its
/// picture (it may be large).
fn workspace_info(model: &Model) -> Value {
    json!({
        "id": model.id,
        "user_id": model.owner,
        "base_model_id": model.base,
        "name": model.name,
        "meta": without_image(&model.meta),
        "access_control": model.access_control,
        "is_active": model.is_active,
        "updated_at": model.updated_at.seconds(),
        "created_at": model.created_at.seconds(),
    })
}

fn without_image(meta: &Map<String, Value>) -> Value {
    let mut meta = meta.clone();
    meta.shift_remove("profile_image_url");
    Value::Object(meta)
}

/// Sorts the entries in the admin's order; those that it does not name follow by name.
fn sort(settings: &Snapshot, entries: &mut [CatalogEntry]) {
    let order = settings.texts(&table::MODEL_ORDER_LIST);
    if order.is_empty() {
        return;
    }
    let places: HashMap<_, _> = order.into_iter().zip(0usize..).collect();
    entries.sort_by_cached_key(|entry| {
        let place = places.get(entry.id.as_str()).copied().unwrap_or(usize::MAX);
        (
            place,
            entry.listing["name"].as_str().unwrap_or_default().to_owned(),
        )
    });
}
