//! The operations of `openapi/openapi.json`.

use std::path::Path;

use poem::http::Method;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

/// One operation.
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// Its path, with names in braces: `/api/v1/chats/{id}`.
    pub(crate) path: String,
    /// The schema of its JSON body, its references followed; none without a body.
    body: Option<Value>,
}

/// The paths of a document, those that stand in it twice too.
#[derive(Deserialize)]
struct Paths {
    paths: Pairs,
}

struct Pairs(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Pairs;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// All operations of the document, by path.
pub(crate) fn operations() -> Vec<Operation> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let text = std::fs::read_to_string(file).expect("openapi.json");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    let paths: Paths = serde_json::from_str(&text).expect("paths");
    let mut all = Vec::new();
    for (path, item) in &paths.paths.0 {
        for (name, operation) in item.as_object().expect("operations") {
            let Ok(method) = name.to_uppercase().parse::<Method>() else {
                continue;
            };
            let standard = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"];
            if !standard.contains(&method.as_str()) {
                continue;
            }
            let schema = operation.pointer("/requestBody/content/application~1json/schema");
            all.push(Operation {
                method,
                path: path.clone(),
                body: schema.map(|schema| resolve(&document, schema)),
            });
        }
    }
    all.sort_by(|a, b| (&a.path, a.method.as_str()).cmp(&(&b.path, b.method.as_str())));
    assert!(all.len() > 150, "the document was read");
    all
}

/// Follows references, here and below; a schema that holds itself ends after a few steps.
fn resolve(document: &Value, schema: &Value) -> Value {
    fn within(document: &Value, schema: &Value, depth: usize) -> Value {
        if depth > 12 {
            return json!({});
        }
        if let Some(reference) = schema["$ref"].as_str() {
            let target = document.pointer(reference.trim_start_matches('#'));
            return within(document, target.expect("a reference leads somewhere"), depth + 1);
        }
        match schema {
            Value::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| (name.clone(), within(document, value, depth + 1)));
                Value::Object(fields.collect())
            }
            Value::Array(items) => items
                .iter()
                .map(|item| within(document, item, depth + 1))
                .collect(),
            other => other.clone(),
        }
    }
    within(document, schema, 0)
}

impl Operation {
    /// The names in its path.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .collect()
    }

    /// Its path with something in the place of each name.
    pub(crate) fn path_with(&self, value: impl Fn(&str) -> String) -> String {
        let parts = self.path.split('/').map(|part| {
            match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => value(name),
                None => part.to_owned(),
            }
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// A body that its schema allows, with required fields only.
    pub(crate) fn sample_body(&self) -> Option<Value> {
        self.body.as_ref().map(sample)
    }
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

fn sample(schema: &Value) -> Value {
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    for choice in ["oneOf", "anyOf"] {
        if let Some(first) = schema[choice].as_array().and_then(|schemas| schemas.first()) {
            return sample(first);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts
            .iter()
            .map(sample)
            .filter_map(|part| part.as_object().cloned());
        return Value::Object(parts.flatten().collect());
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.first().and_then(Value::as_str),
        kind => kind.as_str(),
    };
    match kind {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten();
            let fields = required
                .filter_map(Value::as_str)
                .map(|name| (name.to_owned(), sample(&schema["properties"][name])));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Some("array") => json!([]),
        Some("string") => json!("x"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        _ => json!({}),
    }
}
