use std::time::Duration;

use keelson_domain::config::deployment::{Completion, Providers};

use super::Variables;

pub(super) fn providers(variables: &Variables) -> Providers {
    let defaults = Providers::default();
    let optional = |name: &str, default: Option<Duration>| {
        variables.text(name).map_or(default, |_| {
            Some(variables.seconds(name, 0)).filter(|seconds| !seconds.is_zero())
        })
    };
    Providers {
        first_byte: optional("AIOHTTP_CLIENT_TIMEOUT", defaults.first_byte),
        idle: variables.seconds("KEELSON_STREAM_IDLE_TIMEOUT", defaults.idle.as_secs()),
        model_list: optional("AIOHTTP_CLIENT_TIMEOUT_MODEL_LIST", None).unwrap_or(defaults.model_list),
        verify_tls: variables.flag("AIOHTTP_CLIENT_SESSION_SSL", true),
        forward_user_info: variables.flag("ENABLE_FORWARD_USER_INFO_HEADERS", false),
        models_ttl: variables.seconds("MODELS_CACHE_TTL", defaults.models_ttl.as_secs()),
        demo: variables.flag("KEELSON_DEMO_MODEL", true),
    }
}

pub(super) fn section(variables: &Variables) -> Completion {
    let defaults = Completion::default();
    Completion {
        max_line: variables.number(
            "CHAT_STREAM_RESPONSE_CHUNK_MAX_BUFFER_SIZE",
            defaults.max_line,
            "a number of bytes",
        ),
        custom_model_fallback: variables.flag("ENABLE_CUSTOM_MODEL_FALLBACK", false),
    }
}
