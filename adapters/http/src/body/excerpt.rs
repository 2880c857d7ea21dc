use serde_json::{Map, Value};

/// How much of what was sent an error shows, in bytes, counted roughly.
const LONGEST: usize = 1_000;

/// A piece of a value for an error: the whole, when it is short. Cut texts end with an ellipsis; lists and objects that are
/// cut have no sign of it.
pub(crate) fn excerpt(value: &Value) -> Value {
    cut(value, &mut { LONGEST })
}

/// Takes what it shows from `left`.
fn cut(value: &Value, left: &mut usize) -> Value {
    *left = left.saturating_sub(4);
    match value {
        Value::String(text) if text.len() > *left => {
            let shown = text.get(..text.floor_char_boundary(*left)).unwrap_or_default();
            *left = 0;
            Value::String(format!("{shown}…"))
        }
        Value::String(text) => {
            *left -= text.len();
            value.clone()
        }
        Value::Array(items) => {
            let mut shown = Vec::new();
            for item in items {
                if *left == 0 {
                    break;
                }
                shown.push(cut(item, left));
            }
            Value::Array(shown)
        }
        Value::Object(fields) => {
            let mut shown = Map::new();
            for (name, field) in fields {
                if name.len() >= *left {
                    *left = 0;
                    break;
                }
                *left -= name.len();
                shown.insert(name.clone(), cut(field, left));
            }
            Value::Object(shown)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_short_is_shown_whole() {
        for value in [
            json!(null),
            json!(1.5),
            json!("x"),
            json!("\u{1f600}".repeat(200)),
            json!([]),
            json!([[1, 2], {"a": null}]),
            json!({"a": "b", "c": {"d": [true]}}),
            Value::Array(vec![json!(0); 200]),
        ] {
            assert_eq!(excerpt(&value), value);
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = "\u{1f600}".repeat(100_000);
        for value in [
            json!(long),
            Value::Array(vec![json!(0); 1_000_000]),
            Value::Array(vec![json!(long); 10]),
            json!([[[[long.clone()]]]]),
            json!({"a": long.clone()}),
            json!({long.clone(): 1}),
            json!({"a": 1, long: {"b": 2}}),
            (0..100_000)
                .map(|nth| (format!("field {nth}"), json!(nth)))
                .collect(),
        ] {
            let shown = excerpt(&value).to_string();
            assert!(shown.len() < 2 * LONGEST, "{}", shown.len());
        }
    }
}
