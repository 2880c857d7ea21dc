//! From OpenAPI 3.0, which poem-openapi writes, to 3.1: `null` is a type there, and a reference may stand beside a
//! description.

use serde_json::{Map, Value, json};

/// Keys that say something about a value without narrowing what it may be.
const REMARKS: [&str; 5] = ["title", "description", "default", "deprecated", "example"];

/// Rewrites a whole document.
pub(super) fn upgrade(document: &mut Value) {
    document["openapi"] = json!("3.1.0");
    walk(document);
}

fn walk(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(walk),
        Value::Object(fields) => {
            fields.values_mut().for_each(walk);
            unwrap_reference(fields);
            // poem-openapi calls every choice an object, those between texts and numbers too.
            if fields.contains_key("anyOf") || fields.contains_key("oneOf") {
                fields.shift_remove("type");
            }
            if fields.get("nullable") == Some(&json!(true)) {
                fields.shift_remove("nullable");
                admit_null(fields);
            }
        }
        _ => {}
    }
}

/// `allOf` of one reference and remarks is the reference beside the remarks.
fn unwrap_reference(fields: &mut Map<String, Value>) {
    let Some(Value::Array(parts)) = fields.get_mut("allOf") else {
        return;
    };
    parts.retain(|part| !is_remark(part));
    if let [Value::Object(reference)] = parts.as_slice()
        && reference.contains_key("$ref")
    {
        let reference = reference.clone();
        fields.shift_remove("allOf");
        fields.extend(reference);
    }
}

fn is_remark(schema: &Value) -> bool {
    let known = |key: &String| key == "nullable" || REMARKS.contains(&key.as_str());
    schema.as_object().is_some_and(|fields| fields.keys().all(known))
}

/// Lets a schema take `null`.
fn admit_null(fields: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = fields.get_mut("enum") {
        values.push(Value::Null);
    }
    let null_type = json!({"type": "null"});
    if let Some(kind) = fields.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
    } else if let Some(reference) = fields.shift_remove("$ref") {
        fields.insert("anyOf".to_owned(), json!([{"$ref": reference}, null_type]));
    } else if let Some(Value::Array(choices)) = fields.get_mut("anyOf") {
        choices.push(null_type);
    } else if let Some(Value::Array(choices)) = fields.get_mut("oneOf") {
        choices.push(null_type);
    }
    // A schema without any of these takes every value.
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upgraded(mut schema: Value) -> Value {
        walk(&mut schema);
        schema
    }

    #[test]
    fn null_becomes_a_type() {
        assert_eq!(
            upgraded(json!({"type": "string", "nullable": true})),
            json!({"type": ["string", "null"]})
        );
        assert_eq!(
            upgraded(json!({"nullable": true, "allOf": [{"$ref": "#/a"}]})),
            json!({"anyOf": [{"$ref": "#/a"}, {"type": "null"}]})
        );
        assert_eq!(
            upgraded(json!({"nullable": true, "anyOf": [{"type": "string"}]})),
            json!({"anyOf": [{"type": "string"}, {"type": "null"}]})
        );
        assert_eq!(upgraded(json!({"nullable": true})), json!({}));
        assert_eq!(
            upgraded(json!({"type": "object", "oneOf": [{"type": "string"}]})),
            json!({"oneOf": [{"type": "string"}]})
        );
    }

    #[test]
    fn a_reference_stands_beside_its_description() {
        let described = json!({
            "allOf": [{"$ref": "#/a"}, {"description": "It.", "nullable": true}],
            "description": "It.", "nullable": true,
        });
        assert_eq!(
            upgraded(described),
            json!({"description": "It.", "anyOf": [{"$ref": "#/a"}, {"type": "null"}]})
        );
        let composed = json!({"allOf": [{"$ref": "#/a"}, {"type": "object", "required": ["b"]}]});
        assert_eq!(upgraded(composed.clone()), composed);
    }
}
