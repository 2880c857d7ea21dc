//! What instances tell each other of models: one that has the lists of providers shares what it made of them, and one to
//! which a provider never answered goes by that.

use std::sync::{Arc, PoisonError};

use keelson_domain::model::Connection;
use serde_json::{Value, json};

use super::Models;
use super::catalog::{Catalog, CatalogEntry, EntryKind};
use crate::spawn;

/// Whether two entries say the same; an arena is made anew each time, with another time of creation.
fn is_same(one: &CatalogEntry, other: &CatalogEntry) -> bool {
    let is_listed_alike = match one.kind {
        EntryKind::Arena(_) => one.listing["name"] == other.listing["name"],
        _ => one.listing == other.listing,
    };
    one.id == other.id && one.kind == other.kind && is_listed_alike
}

/// The model that a connection's provider listed, out of what another instance made of it; none when it is of another
/// connection.
fn listed_model(connection: &Connection, shared: &Value) -> Option<Value> {
    if shared.get("urlIdx") != Some(&json!(connection.index)) || shared.get("preset").is_some() {
        return None;
    }
    let mut model = shared.get("openai")?.as_object()?.clone();
    let option = connection.options.get("prefix_id");
    let prefix = option.and_then(Value::as_str).filter(|prefix| !prefix.is_empty());
    let id = shared.get("id")?.as_str()?;
    let id = match prefix {
        Some(prefix) => id.strip_prefix(prefix)?.strip_prefix('.')?,
        None => id,
    };
    model.insert("id".to_owned(), json!(id));
    Some(Value::Object(model))
}

impl Models {
    /// Shares a catalog, in the background, where it differs from what this instance shared last. The built-in model, which
    /// every instance has itself, is nobody else's.
    pub(super) fn share(&self, catalog: &Catalog) {
        if catalog.entries.iter().any(|entry| entry.kind == EntryKind::Demo) {
            return;
        }
        {
            let mut last = self.last_shared.lock().unwrap_or_else(PoisonError::into_inner);
            let mut pairs = last.iter().zip(&catalog.entries);
            if last.len() == catalog.entries.len() && pairs.all(|(one, other)| is_same(one, other)) {
                return;
            }
            last.clone_from(&catalog.entries);
        }
        let listings = catalog
            .entries
            .iter()
            .map(|entry| (entry.id.clone(), entry.listing.clone()));
        let (shared, models): (_, Vec<_>) = (self.shared.clone(), listings.collect());
        spawn::detached("sharing models", async move { shared.replace(&models).await });
    }

    /// Has the next catalog shared whatever it is: others may have replaced what this instance shared.
    pub(super) fn forget_shared(&self) {
        let mut last = self.last_shared.lock().unwrap_or_else(PoisonError::into_inner);
        last.clear();
    }

    /// What other instances know of a connection's models.
    pub(super) async fn find_shared_models(&self, connection: &Arc<Connection>) -> Vec<Value> {
        let shared = self.shared.all().await.unwrap_or_else(|error| {
            tracing::warn!(%error, "the models that other instances know cannot be read");
            Vec::new()
        });
        shared
            .iter()
            .filter_map(|shared| listed_model(connection, shared))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;
    use crate::model::provider_models::provider_models;

    fn connection(index: usize, options: Value) -> Arc<Connection> {
        Arc::new(Connection {
            index,
            url: "http://p/v1".to_owned(),
            key: SecretString::default(),
            options: options.as_object().cloned().unwrap_or_default(),
        })
    }

    #[test]
    fn what_is_shared_becomes_what_the_provider_listed() {
        for (options, upstream_id, id) in [
            (json!({}), "a", "a"),
            (json!({"prefix_id": ""}), "a", "a"),
            (json!({"prefix_id": "p"}), "a", "p.a"),
            (
                json!({"prefix_id": "p", "tags": [{"name": "t"}], "connection_type": "local"}),
                "a.b",
                "p.a.b",
            ),
        ] {
            let connection = connection(1, options);
            let raw = json!({"id": upstream_id, "name": "A", "object": "model", "n": 1});
            let listed = provider_models(&connection, false, std::slice::from_ref(&raw));
            let shared = Value::Object(listed[0].listing.clone());
            assert_eq!(shared["id"], id);
            let found = listed_model(&connection, &shared).expect("a model");
            let again = provider_models(&connection, false, &[found]);
            assert_eq!(
                (again[0].id.as_str(), again[0].upstream_id.as_str()),
                (id, upstream_id)
            );
            assert_eq!(Value::Object(again[0].listing.clone()), shared);
        }
    }

    #[test]
    fn what_is_of_others_is_passed_over() {
        let plain = connection(1, json!({}));
        let prefixed = connection(1, json!({"prefix_id": "p"}));
        for (connection, shared) in [
            (&plain, json!({"id": "a", "openai": {"id": "a"}, "urlIdx": 0})),
            (&plain, json!({"id": "a", "openai": {"id": "a"}})),
            (&plain, json!({"id": "a", "urlIdx": 1})),
            (&plain, json!({"id": 3, "openai": {"id": "a"}, "urlIdx": 1})),
            (
                &plain,
                json!({"id": "a", "openai": {"id": "a"}, "urlIdx": 1, "preset": true}),
            ),
            (&plain, json!({"id": "a", "arena": true})),
            (&plain, json!(["a"])),
            (&prefixed, json!({"id": "a", "openai": {"id": "a"}, "urlIdx": 1})),
            (
                &prefixed,
                json!({"id": "pa", "openai": {"id": "pa"}, "urlIdx": 1}),
            ),
        ] {
            assert_eq!(listed_model(connection, &shared), None, "{shared}");
        }
    }
}
