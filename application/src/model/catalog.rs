use std::collections::HashMap;
use std::sync::Arc;

use keelson_domain::config::{Snapshot, table};
use keelson_domain::model::{Connection, Model};
use serde_json::{Map, Value, json};

use super::offered::Offered;

/// A provider's model as it is offered.
pub(super) struct Base {
    pub(super) id: String,
    pub(super) upstream: String,
    pub(super) connection: Arc<Connection>,
    pub(super) demo: bool,
    pub(super) json: Map<String, Value>,
    /// What the workspace says about it, active or not.
    pub(super) row: Option<Arc<Model>>,
}

impl Base {
    pub(super) fn new(offered: Offered, connection: Arc<Connection>, demo: bool) -> Self {
        Self {
            id: offered.id,
            upstream: offered.upstream,
            connection,
            demo,
            json: offered.json,
            row: None,
        }
    }
}

/// Where an entry comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A provider.
    Provider,
    /// The built-in offline model.
    Demo,
    /// The workspace: a preset on top of another model.
    Preset,
    /// An arena, with its description: which models take part, who may use it.
    Arena(Map<String, Value>),
}

/// One model that may be chosen.
pub struct Entry {
    /// Id.
    pub id: String,
    /// The listing as clients see it.
    pub json: Value,
    /// Where it comes from.
    pub kind: Kind,
    /// What the workspace says about it.
    pub row: Option<Arc<Model>>,
}

/// Everything on offer at one moment.
#[derive(Default)]
pub(super) struct Catalog {
    /// The providers' models.
    pub(super) base: Vec<Arc<Base>>,
    /// What may be chosen, in the admin's order.
    pub(super) entries: Vec<Arc<Entry>>,
    by_base: HashMap<String, Arc<Base>>,
    by_id: HashMap<String, Arc<Entry>>,
}

impl Catalog {
    /// Merges what the providers offer with arenas and the workspace's models.
    pub(super) fn new(settings: &Snapshot, offered: Vec<Base>, rows: Vec<Model>, now: i64) -> Self {
        let rows: Vec<_> = rows.into_iter().map(Arc::new).collect();
        let mut base: Vec<Arc<Base>> = Vec::with_capacity(offered.len());
        let mut by_base = HashMap::new();
        for mut model in offered {
            // The first connection that offers an id answers for it.
            if by_base.contains_key(&model.id) {
                continue;
            }
            let own = |row: &&Arc<Model>| row.base.is_none() && row.id.as_str() == model.id;
            model.row = rows.iter().find(own).cloned();
            let model = Arc::new(model);
            by_base.insert(model.id.clone(), model.clone());
            base.push(model);
        }
        let mut entries = Vec::new();
        if !base.is_empty() {
            entries.extend(base.iter().filter_map(|model| of_provider(model)));
            entries.extend(arenas(settings, now));
            let presets = rows
                .iter()
                .filter(|row| row.is_active && !by_base.contains_key(row.id.as_str()));
            entries.extend(presets.filter_map(|row| preset(row, &by_base)));
        }
        sort(settings, &mut entries);
        let entries: Vec<_> = entries.into_iter().map(Arc::new).collect();
        let by_id = entries
            .iter()
            .rev()
            .map(|entry| (entry.id.clone(), entry.clone()))
            .collect();
        Self {
            base,
            entries,
            by_base,
            by_id,
        }
    }

    /// What may be chosen under an id.
    pub(super) fn entry(&self, id: &str) -> Option<&Arc<Entry>> {
        self.by_id.get(id)
    }

    /// The provider's model behind an id.
    pub(super) fn base(&self, id: &str) -> Option<&Arc<Base>> {
        self.by_base.get(id)
    }
}

fn of_provider(model: &Base) -> Option<Entry> {
    let mut json = model.json.clone();
    if let Some(row) = &model.row {
        if !row.is_active {
            return None;
        }
        json.insert("name".to_owned(), json!(row.name));
        json.insert("info".to_owned(), info(row));
    }
    let tags = model.json.get("tags");
    let kind = if model.demo { Kind::Demo } else { Kind::Provider };
    Some(entry(json, tags, model.row.clone(), kind))
}

fn preset(row: &Arc<Model>, bases: &HashMap<String, Arc<Base>>) -> Option<Entry> {
    let base = bases.get(row.base.as_ref()?.as_str()).map(|base| &base.json);
    let of_base = |name: &str| base.and_then(|base| base.get(name)).cloned();
    let json = Map::from_iter([
        ("id".to_owned(), json!(row.id)),
        ("name".to_owned(), json!(row.name)),
        ("object".to_owned(), json!("model")),
        ("created".to_owned(), json!(row.created_at.seconds())),
        (
            "owned_by".to_owned(),
            of_base("owned_by").unwrap_or_else(|| json!("openai")),
        ),
        (
            "connection_type".to_owned(),
            of_base("connection_type").unwrap_or_default(),
        ),
        ("preset".to_owned(), json!(true)),
        ("info".to_owned(), info(row)),
    ]);
    Some(entry(json, None, Some(row.clone()), Kind::Preset))
}

/// The arenas that admins made, or the one that there is without any.
fn arenas(settings: &Snapshot, now: i64) -> Vec<Entry> {
    if !settings.bool(&table::ENABLE_EVALUATION_ARENA_MODELS) {
        return Vec::new();
    }
    let standard = [json!({
        "id": "arena-model",
        "name": "Arena Model",
        "meta": {
            "profile_image_url": "/favicon.png",
            "description": "Ask, and one of the models answers without saying which. Then tell how it did.",
            "model_ids": null,
        },
    })];
    let made = settings.list(&table::EVALUATION_ARENA_MODELS);
    let arenas = if made.is_empty() { &standard } else { made };
    arenas.iter().filter_map(|arena| one_arena(arena, now)).collect()
}

fn one_arena(arena: &Value, now: i64) -> Option<Entry> {
    let meta = arena
        .get("meta")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    let json = Map::from_iter([
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
    Some(entry(json, None, None, Kind::Arena(meta)))
}

fn entry(mut json: Map<String, Value>, tags: Option<&Value>, row: Option<Arc<Model>>, kind: Kind) -> Entry {
    let own = row.as_ref().and_then(|row| row.meta.get("tags"));
    let mut names: Vec<&str> = Vec::new();
    for tag in [own, tags]
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
    json.insert("actions".to_owned(), json!([]));
    json.insert("filters".to_owned(), json!([]));
    json.insert("tags".to_owned(), Value::Array(tags));
    Entry {
        id: json
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        json: Value::Object(json),
        kind,
        row,
    }
}

/// What lists say of a workspace model: neither its parameters (they may hold secrets of the prompt) nor its picture.
fn info(row: &Model) -> Value {
    json!({
        "id": row.id,
        "user_id": row.owner,
        "base_model_id": row.base,
        "name": row.name,
        "meta": without_image(&row.meta),
        "access_control": row.access_control,
        "is_active": row.is_active,
        "updated_at": row.updated_at.seconds(),
        "created_at": row.created_at.seconds(),
    })
}

fn without_image(meta: &Map<String, Value>) -> Value {
    let mut meta = meta.clone();
    meta.shift_remove("profile_image_url");
    Value::Object(meta)
}

/// Models in the admin's order first, in that order; then the others by name.
fn sort(settings: &Snapshot, entries: &mut [Entry]) {
    let order = settings.texts(&table::MODEL_ORDER_LIST);
    if order.is_empty() {
        return;
    }
    let places: HashMap<_, _> = order.into_iter().zip(0usize..).collect();
    entries.sort_by_cached_key(|entry| {
        let place = places.get(entry.id.as_str()).copied().unwrap_or(usize::MAX);
        (place, entry.json["name"].as_str().unwrap_or_default().to_owned())
    });
}
