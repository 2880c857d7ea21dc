//! JSON as it came over the wire, compared with what it must be.

use std::sync::LazyLock;
use std::time::SystemTime;

use regex::Regex;
use serde_json::{Map, Value};

static UUID: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").expect("a pattern")
});
static TOKEN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"eyJ[\w-]+\.[\w-]+\.[\w-]+").expect("a pattern"));
static KEY: LazyLock<Regex> = LazyLock::new(|| Regex::new("sk-[0-9a-f]{32}").expect("a pattern"));

/// A document in which what differs from run to run is replaced: identifiers by `<uuid>`, tokens by `<token>`, API keys
/// by `<key>`, times of this run (and the ends of its tokens) by `<seconds>` or `<nanos>`.
fn masked(document: &Value) -> Value {
    match document {
        Value::String(text) => {
            let text = UUID.replace_all(text, "<uuid>");
            let text = TOKEN.replace_all(&text, "<token>");
            Value::String(KEY.replace_all(&text, "<key>").into_owned())
        }
        Value::Number(number) => number.as_u64().and_then(time).unwrap_or_else(|| document.clone()),
        Value::Array(items) => items.iter().map(masked).collect(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), masked(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) => document.clone(),
    }
}

/// What a number is called that is a time of this run: from an hour ago to the end of its tokens in four weeks.
fn time(number: u64) -> Option<Value> {
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    let near = now - 3_600..now + 5 * 7 * 24 * 3_600;
    let name = if near.contains(&number) {
        "<seconds>"
    } else if near.contains(&(number / 1_000_000_000)) {
        "<nanos>"
    } else {
        return None;
    };
    Some(Value::from(name))
}

/// Asserts that a document is this one, once both are [`masked`].
#[track_caller]
pub(crate) fn assert_wire(document: &Value, expected: Value) {
    pretty_assertions::assert_eq!(masked(document), expected);
}

/// What an account may do when nobody changed the permissions.
pub(crate) fn default_permissions() -> Value {
    serde_json::json!({
        "workspace": {
            "models": false, "knowledge": false, "prompts": false, "tools": false, "models_import": false,
            "models_export": false, "prompts_import": false, "prompts_export": false, "tools_import": false,
            "tools_export": false,
        },
        "sharing": {
            "models": false, "public_models": false, "knowledge": false, "public_knowledge": false,
            "prompts": false, "public_prompts": false, "tools": false, "public_tools": false,
            "notes": false, "public_notes": false,
        },
        "chat": {
            "controls": true, "valves": true, "system_prompt": true, "params": true, "file_upload": true,
            "delete": true, "delete_message": true, "continue_response": true, "regenerate_response": true,
            "rate_response": true, "edit": true, "share": true, "export": true, "stt": true, "tts": true,
            "call": true, "multiple_models": true, "temporary": true, "temporary_enforced": false,
        },
        "features": {
            "api_keys": false, "notes": true, "folders": true, "channels": true,
            "direct_tool_servers": false, "web_search": true, "image_generation": true,
            "code_interpreter": true,
        },
    })
}
