use keelson_domain::auth::parse_duration;
use keelson_domain::config::{Kind, Setting};
use keelson_domain::user::Role;
use serde_json::{Value, json};

use super::ConfigError;

/// Texts that are words of a list or have a form.
const USER_ROLE: &str = "DEFAULT_USER_ROLE";
const TOKEN_LIFE: &str = "JWT_EXPIRES_IN";

/// What a setting may hold, in words.
pub fn allowed(setting: &Setting) -> &'static str {
    match setting.kind {
        _ if setting.env == USER_ROLE => "pending, user or admin",
        _ if setting.env == TOKEN_LIFE => "a duration such as 4w, 12h or 1d12h, or -1 for no end",
        Kind::Bool => "true or false",
        Kind::Text => "text",
        Kind::Int => "a whole number",
        Kind::Float => "a number",
        Kind::List => "a list",
        Kind::Object => "an object",
        Kind::Nullable => "text, a number or nothing",
    }
}

/// Whether a JSON value is what the setting may hold. `null` is, everywhere: clients clear settings with it.
///
/// # Errors
/// [`ConfigError::WrongKind`], which names the setting and what is allowed.
pub fn check(setting: &Setting, value: &Value) -> Result<(), ConfigError> {
    let fits = value.is_null()
        || match setting.kind {
            Kind::Bool => value.is_boolean(),
            Kind::Text => value.is_string() || value.is_number(),
            Kind::Int => value.is_i64() || value.is_u64(),
            Kind::Float => value.is_number(),
            Kind::List => value.is_array(),
            Kind::Object => value.is_object(),
            Kind::Nullable => !value.is_array() && !value.is_object(),
        };
    if fits {
        Ok(())
    } else {
        Err(ConfigError::WrongKind {
            setting: setting.env,
            allowed: allowed(setting),
        })
    }
}

/// The settings whose lists are written with `;` in the environment.
const SEMICOLONS: &[&str] = &["OPENAI_API_KEYS", "OPENAI_API_BASE_URLS", "OLLAMA_BASE_URLS"];

/// The settings without a value that hold text when they have one, also when it looks like a number.
const TEXTS: &[&str] = &[
    "OAUTH_TOKEN_ENDPOINT_AUTH_METHOD",
    "OAUTH_CODE_CHALLENGE_METHOD",
    "OAUTH_SUB_CLAIM",
    "DEFAULT_MODELS",
    "DEFAULT_PINNED_MODELS",
    "ADMIN_EMAIL",
];

/// Reads a value from the text of a variable or of the command line.
///
/// # Errors
/// [`ConfigError::WrongKind`].
pub fn from_text(setting: &Setting, text: &str) -> Result<Value, ConfigError> {
    let wrong = ConfigError::WrongKind {
        setting: setting.env,
        allowed: allowed(setting),
    };
    match setting.kind {
        Kind::Bool => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(json!(true)),
            "false" | "0" | "no" | "off" | "" => Ok(json!(false)),
            _ => Err(wrong),
        },
        Kind::Text => word(setting, text).map(|()| json!(text)),
        Kind::Int => text
            .trim()
            .parse::<i64>()
            .map(|number| json!(number))
            .map_err(|_| wrong),
        Kind::Float => text
            .trim()
            .parse::<f64>()
            .map(|number| json!(number))
            .map_err(|_| wrong),
        Kind::List => list(setting, text).ok_or(wrong),
        Kind::Object => serde_json::from_str(text)
            .ok()
            .filter(Value::is_object)
            .ok_or(wrong),
        Kind::Nullable if text.is_empty() => Ok(Value::Null),
        Kind::Nullable if TEXTS.contains(&setting.env) => Ok(json!(text)),
        Kind::Nullable => Ok(text
            .trim()
            .parse::<i64>()
            .map_or_else(|_| json!(text), |number| json!(number))),
    }
}

/// Some texts are words of a list or have a form. Given empty, they count as not given.
fn word(setting: &Setting, text: &str) -> Result<(), ConfigError> {
    let fits = match setting.env {
        _ if text.is_empty() => true,
        USER_ROLE => text.parse::<Role>().is_ok(),
        TOKEN_LIFE => parse_duration(text).is_some(),
        _ => true,
    };
    if fits {
        return Ok(());
    }
    Err(ConfigError::WrongKind {
        setting: setting.env,
        allowed: allowed(setting),
    })
}

/// The settings whose lists hold objects, which only JSON can write.
const OBJECTS: &[&str] = &[
    "TOOL_SERVER_CONNECTIONS",
    "DEFAULT_PROMPT_SUGGESTIONS",
    "EVALUATION_ARENA_MODELS",
    "WEBUI_BANNERS",
    "COMFYUI_WORKFLOW_NODES",
    "IMAGES_EDIT_COMFYUI_WORKFLOW_NODES",
];

fn list(setting: &Setting, text: &str) -> Option<Value> {
    let trimmed = text.trim();
    if trimmed.starts_with('[') || OBJECTS.contains(&setting.env) {
        return serde_json::from_str(trimmed).ok().filter(Value::is_array);
    }
    let separator = if SEMICOLONS.contains(&setting.env) {
        ';'
    } else {
        ','
    };
    Some(Value::Array(
        text.split(separator).map(|item| json!(item.trim())).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use keelson_domain::config::table;

    use super::*;

    #[test]
    fn reads_each_kind_and_names_what_is_allowed() {
        assert_eq!(
            from_text(&table::ENABLE_SIGNUP, "True").expect("valid"),
            json!(true)
        );
        assert_eq!(from_text(&table::RAG_TOP_K, "5").expect("valid"), json!(5));
        assert_eq!(
            from_text(&table::OPENAI_API_BASE_URLS, "http://a;http://b").expect("valid"),
            json!(["http://a", "http://b"])
        );
        assert_eq!(
            from_text(&table::OAUTH_ALLOWED_ROLES, "user,admin").expect("valid"),
            json!(["user", "admin"])
        );
        assert_eq!(from_text(&table::DEFAULT_MODELS, "").expect("valid"), Value::Null);
        assert_eq!(from_text(&table::WEBUI_BANNERS, "[]").expect("valid"), json!([]));
        assert!(from_text(&table::WEBUI_BANNERS, "a,b").is_err());
        assert!(from_text(&table::DEFAULT_USER_ROLE, "banana").is_err());
        assert!(from_text(&table::JWT_EXPIRES_IN, "12h").is_ok());
        let error = from_text(&table::ENABLE_SIGNUP, "maybe")
            .expect_err("invalid")
            .to_string();
        assert_eq!(error, "ENABLE_SIGNUP must be true or false");
        assert!(from_text(&table::USER_PERMISSIONS, "[]").is_err());
        assert!(check(&table::RAG_TOP_K, &json!("5")).is_err());
    }
}
