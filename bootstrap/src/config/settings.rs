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
    singular(
        variables,
        &mut environment,
        &table::OPENAI_API_BASE_URLS,
        "OPENAI_API_BASE_URL",
    );
    singular(
        variables,
        &mut environment,
        &table::OPENAI_API_KEYS,
        "OPENAI_API_KEY",
    );
    singular(
        variables,
        &mut environment,
        &table::OLLAMA_BASE_URLS,
        "OLLAMA_BASE_URL",
    );
    if let Some(permissions) = permissions(variables) {
        environment.insert(table::USER_PERMISSIONS.env, permissions);
    }
    Layers {
        environment,
        persistent: variables.flag("ENABLE_PERSISTENT_CONFIG", true),
        oauth_persistent: variables.flag("ENABLE_OAUTH_PERSISTENT_CONFIG", false),
    }
}

fn value(variables: &Variables, setting: &Setting) -> Option<Value> {
    let text = variables.raw(setting.env)?;
    // An empty variable is a text or "off"; it is no number, list or object.
    if text.is_empty() && !matches!(setting.kind, Kind::Bool | Kind::Text) {
        return None;
    }
    match from_text(setting, text) {
        Ok(value) => Some(value),
        Err(error) => {
            let allowed = error.to_string();
            let allowed = allowed.split(" must be ").last().unwrap_or_default();
            variables.wrong(setting.env, (!setting.secret).then_some(text), allowed);
            None
        }
    }
}

/// The older variable for one address or key counts where the one for several is not set.
fn singular(
    variables: &Variables,
    environment: &mut HashMap<&'static str, Value>,
    setting: &Setting,
    name: &str,
) {
    if let Some(text) = variables.text(name) {
        environment.entry(setting.env).or_insert_with(|| json!([text]));
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

    fn given(values: &[(&str, &str)]) -> Variables {
        let owned = values.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        Variables::from(owned.collect::<HashMap<_, _>>())
    }

    #[test]
    fn permissions_have_variables_of_their_own() {
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
        let layers = layers(&given(&[("USER_PERMISSIONS_CHAT_DELETE", "false")]));
        let tree = &layers.environment["USER_PERMISSIONS"];
        assert_eq!(
            (&tree["chat"]["delete"], &tree["chat"]["edit"]),
            (&json!(false), &json!(true))
        );
    }

    #[test]
    fn singular_variables_fill_the_lists_and_wrong_values_are_named() {
        let variables = given(&[
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
