//! The persistent settings' values from the environment.

use std::collections::HashMap;

use keelson_application::config::{Layers, from_text};
use keelson_domain::config::{Kind, Setting, table};
use serde_json::{Value, json};

use super::Variables;

pub(super) fn layers(variables: &Variables) -> Layers {
    let mut environment: HashMap<&'static str, Value> = HashMap::new();
    for setting in table::ALL {
        if let Some(value) = value(variables, setting) {
            environment.insert(setting.env, value);
        }
    }
    let others = OTHER_NAMES
        .iter()
        .flat_map(|(name, all)| all.iter().map(move |one| (name, one)));
    for (name, setting) in others {
        if !environment.contains_key(setting.env)
            && let Some(value) = value_of(variables, name, setting)
        {
            environment.insert(setting.env, value);
        }
    }
    connections(variables, &mut environment);
    if let Some(permissions) = permissions(variables) {
        environment.insert(table::USER_PERMISSIONS.env, permissions);
    }
    if !variables.flag("WEBUI_AUTH", true) {
        // Without sign-in there is nothing to sign up for.
        environment.insert(table::ENABLE_SIGNUP.env, json!(false));
    }
    Layers {
        environment,
        persistent: variables.flag("ENABLE_PERSISTENT_CONFIG", true),
        oauth_persistent: variables.flag("ENABLE_OAUTH_PERSISTENT_CONFIG", false),
    }
}

fn value(variables: &Variables, setting: &Setting) -> Option<Value> {
    value_of(variables, setting.env, setting)
}

/// The value that a variable of this name gives a setting.
fn value_of(variables: &Variables, name: &str, setting: &Setting) -> Option<Value> {
    let text = variables.raw(name)?;
    // An empty variable is a text or "off"; it is no number, list or object.
    if text.is_empty() && !matches!(setting.kind, Kind::Bool | Kind::Text) {
        return None;
    }
    match from_text(setting, text) {
        Ok(value) => Some(value),
        Err(error) => {
            let allowed = error.to_string();
            let allowed = allowed.split(" must be ").last().unwrap_or_default();
            variables.reject(name, (!setting.secret).then_some(text), allowed);
            None
        }
    }
}

/// Other variables that the reference reads where a setting's own is not set.
const OTHER_NAMES: &[(&str, &[Setting])] = &[
    (
        "ENABLE_API_KEY_ENDPOINT_RESTRICTIONS",
        &[table::ENABLE_API_KEYS_ENDPOINT_RESTRICTIONS],
    ),
    ("API_KEY_ALLOWED_ENDPOINTS", &[table::API_KEYS_ALLOWED_ENDPOINTS]),
    ("OAUTH_GROUP_CLAIM", &[table::OAUTH_GROUPS_CLAIM]),
    ("LDAP_SEARCH_FILTERS", &[table::LDAP_SEARCH_FILTER]),
    (
        "RAG_EMBEDDING_OPENAI_BATCH_SIZE",
        &[table::RAG_EMBEDDING_BATCH_SIZE],
    ),
    ("OLLAMA_BASE_URL", &[table::RAG_OLLAMA_BASE_URL]),
    ("OLLAMA_CLOUD_API_KEY", &[table::OLLAMA_CLOUD_WEB_SEARCH_API_KEY]),
    ("IMAGES_OPENAI_PARAMS", &[table::IMAGES_OPENAI_API_PARAMS]),
    (
        "GEMINI_API_BASE_URL",
        &[
            table::IMAGES_GEMINI_API_BASE_URL,
            table::IMAGES_EDIT_GEMINI_API_BASE_URL,
        ],
    ),
    (
        "GEMINI_API_KEY",
        &[table::IMAGES_GEMINI_API_KEY, table::IMAGES_EDIT_GEMINI_API_KEY],
    ),
    (
        "CODE_EXECUTION_JUPYTER_URL",
        &[table::CODE_INTERPRETER_JUPYTER_URL],
    ),
    (
        "CODE_EXECUTION_JUPYTER_AUTH",
        &[table::CODE_INTERPRETER_JUPYTER_AUTH],
    ),
    (
        "CODE_EXECUTION_JUPYTER_AUTH_TOKEN",
        &[table::CODE_INTERPRETER_JUPYTER_AUTH_TOKEN],
    ),
    (
        "CODE_EXECUTION_JUPYTER_AUTH_PASSWORD",
        &[table::CODE_INTERPRETER_JUPYTER_AUTH_PASSWORD],
    ),
    (
        "CODE_EXECUTION_JUPYTER_TIMEOUT",
        &[table::CODE_INTERPRETER_JUPYTER_TIMEOUT],
    ),
];

/// Settings that take the key of OpenAI itself where they have none of their own.
const OPENAI_KEYS: &[Setting] = &[
    table::RAG_OPENAI_API_KEY,
    table::IMAGES_OPENAI_API_KEY,
    table::IMAGES_EDIT_OPENAI_API_KEY,
    table::AUDIO_STT_OPENAI_API_KEY,
    table::AUDIO_TTS_OPENAI_API_KEY,
];

const OPENAI: &str = "https://api.openai.com/v1";

/// The URLs and keys of providers: the singular variables count where the plural ones are not set.
fn connections(variables: &Variables, environment: &mut HashMap<&'static str, Value>) {
    let mut singular = |setting: &Setting, text: Option<String>| {
        if let Some(text) = text {
            environment.entry(setting.env).or_insert_with(|| json!([text]));
        }
    };
    let address = |name| {
        let text = variables.text(name)?;
        Some(text.strip_suffix('/').unwrap_or(&text).to_owned())
    };
    singular(&table::OPENAI_API_BASE_URLS, address("OPENAI_API_BASE_URL"));
    singular(&table::OPENAI_API_KEYS, variables.text("OPENAI_API_KEY"));
    let older = address("OLLAMA_API_BASE_URL");
    let older = older.map(|url| url.strip_suffix("/api").unwrap_or(&url).to_owned());
    singular(&table::OLLAMA_BASE_URLS, address("OLLAMA_BASE_URL").or(older));

    let list = |setting: &Setting| environment.get(setting.env).and_then(Value::as_array);
    let addresses = list(&table::OPENAI_API_BASE_URLS);
    let position = addresses.map_or(Some(0), |all| {
        all.iter()
            .position(|url| matches!(url.as_str(), Some(OPENAI | "")))
    });
    let key = position.and_then(|position| list(&table::OPENAI_API_KEYS)?.get(position).cloned());
    if let Some(key) = key {
        for setting in OPENAI_KEYS {
            environment.entry(setting.env).or_insert_with(|| key.clone());
        }
    }
}

/// The default permissions with those that variables of their own set; none when no such variable is set.
fn permissions(variables: &Variables) -> Option<Value> {
    let mut tree: Value = serde_json::from_str(table::USER_PERMISSIONS.default).ok()?;
    let mut any = false;
    for (section, fields) in tree.as_object_mut()? {
        for (field, value) in fields.as_object_mut()? {
            let name = permission_variable(section, field);
            if variables.text(&name).is_some() {
                any = true;
                *value = json!(variables.flag(&name, value.as_bool().unwrap_or(false)));
            }
        }
    }
    any.then_some(tree)
}

/// The variable of one permission.
fn permission_variable(section: &str, field: &str) -> String {
    let upper = field.to_uppercase();
    let name = match section {
        "workspace" if field.ends_with("_import") || field.ends_with("_export") => {
            format!("WORKSPACE_{upper}")
        }
        "workspace" => format!("WORKSPACE_{upper}_ACCESS"),
        "sharing" => {
            let (kind, right) = match upper.strip_prefix("PUBLIC_") {
                Some(kind) => (kind, "ALLOW_PUBLIC_SHARING"),
                None => (upper.as_str(), "ALLOW_SHARING"),
            };
            if kind == "NOTES" {
                format!("NOTES_{right}")
            } else {
                format!("WORKSPACE_{kind}_{right}")
            }
        }
        _ => format!("{}_{upper}", section.to_uppercase()),
    };
    format!("USER_PERMISSIONS_{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_permission_has_its_own_variable() {
        assert_eq!(
            permission_variable("workspace", "models"),
            "USER_PERMISSIONS_WORKSPACE_MODELS_ACCESS"
        );
        assert_eq!(
            permission_variable("workspace", "tools_import"),
            "USER_PERMISSIONS_WORKSPACE_TOOLS_IMPORT"
        );
        assert_eq!(
            permission_variable("sharing", "public_notes"),
            "USER_PERMISSIONS_NOTES_ALLOW_PUBLIC_SHARING"
        );
        assert_eq!(
            permission_variable("chat", "delete"),
            "USER_PERMISSIONS_CHAT_DELETE"
        );
        let layers = layers(&Variables::given(&[("USER_PERMISSIONS_CHAT_DELETE", "false")]));
        let tree = &layers.environment["USER_PERMISSIONS"];
        assert_eq!(
            (&tree["chat"]["delete"], &tree["chat"]["edit"]),
            (&json!(false), &json!(true))
        );
    }

    #[test]
    fn other_names_and_the_key_of_openai_fill_what_is_not_set() {
        let layers = layers(&Variables::given(&[
            ("API_KEY_ALLOWED_ENDPOINTS", "/api/models"),
            ("OLLAMA_CLOUD_API_KEY", "cloud"),
            ("GEMINI_API_KEY", "gemini"),
            ("IMAGES_EDIT_GEMINI_API_KEY", "own"),
            ("CODE_EXECUTION_JUPYTER_TIMEOUT", "7"),
            ("OLLAMA_API_BASE_URL", "http://ollama:11434/api"),
            ("OPENAI_API_BASE_URLS", "http://a;https://api.openai.com/v1"),
            ("OPENAI_API_KEYS", "sk-a;sk-openai"),
            ("AUDIO_TTS_OPENAI_API_KEY", "sk-voice"),
            ("DEFAULT_MODELS", "7"),
        ]));
        let value = |setting: &Setting| layers.environment[setting.env].clone();
        assert_eq!(value(&table::API_KEYS_ALLOWED_ENDPOINTS), "/api/models");
        assert_eq!(value(&table::OLLAMA_CLOUD_WEB_SEARCH_API_KEY), "cloud");
        assert_eq!(value(&table::IMAGES_GEMINI_API_KEY), "gemini");
        assert_eq!(value(&table::IMAGES_EDIT_GEMINI_API_KEY), "own");
        assert_eq!(value(&table::CODE_EXECUTION_JUPYTER_TIMEOUT), 7);
        assert_eq!(value(&table::CODE_INTERPRETER_JUPYTER_TIMEOUT), 7);
        assert_eq!(value(&table::OLLAMA_BASE_URLS), json!(["http://ollama:11434"]));
        assert_eq!(value(&table::RAG_OPENAI_API_KEY), "sk-openai");
        assert_eq!(value(&table::AUDIO_TTS_OPENAI_API_KEY), "sk-voice");
        assert_eq!(value(&table::DEFAULT_MODELS), "7");
    }

    #[test]
    fn singular_variables_fill_the_lists_and_wrong_values_are_named() {
        let variables = Variables::given(&[
            ("OPENAI_API_KEY", "sk-1"),
            ("OPENAI_API_BASE_URLS", "http://a;http://b"),
            ("OPENAI_API_BASE_URL", "http://c"),
            ("RAG_TOP_K", "many"),
            ("RAG_TOP_K_RERANKER", ""),
        ]);
        let layers = layers(&variables);
        assert_eq!(layers.environment["OPENAI_API_KEYS"], json!(["sk-1"]));
        assert_eq!(
            layers.environment["OPENAI_API_BASE_URLS"],
            json!(["http://a", "http://b"])
        );
        let error = variables.finish().expect_err("one is wrong").to_string();
        assert!(
            error.contains("RAG_TOP_K is \"many\"; allowed: a whole number"),
            "{error}"
        );
    }
}
