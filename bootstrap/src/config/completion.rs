use std::time::Duration;

use keelson_domain::config::deployment::{Completion, Providers};
use keelson_domain::model::ProxyEndpoint;

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
        max_document: variables.number(
            "KEELSON_PROVIDER_DOCUMENT_LIMIT",
            defaults.max_document,
            "a number of bytes",
        ),
        verify_tls: variables.flag("AIOHTTP_CLIENT_SESSION_SSL", true),
        forward_user_info: variables.flag("ENABLE_FORWARD_USER_INFO_HEADERS", false),
        models_ttl: variables.seconds("MODELS_CACHE_TTL", defaults.models_ttl.as_secs()),
        demo: variables.flag("KEELSON_DEMO_MODEL", true),
        proxy_endpoints: proxy_endpoints(variables, defaults.proxy_endpoints),
    }
}

/// `KEELSON_PROXY_ENDPOINTS`, which replaces the default list.
fn proxy_endpoints(variables: &Variables, default: Vec<ProxyEndpoint>) -> Vec<ProxyEndpoint> {
    const NAME: &str = "KEELSON_PROXY_ENDPOINTS";
    let listed = variables.list(NAME, ',');
    if listed.is_empty() {
        return default;
    }
    let parse = |text: &String| {
        let endpoint = ProxyEndpoint::parse(text);
        if endpoint.is_none() {
            variables.reject(NAME, Some(text), ProxyEndpoint::ALLOWED);
        }
        endpoint
    };
    listed.iter().filter_map(parse).collect()
}

pub(super) fn section(variables: &Variables) -> Completion {
    let defaults = Completion::default();
    Completion {
        max_line: variables.number(
            "CHAT_STREAM_RESPONSE_CHUNK_MAX_BUFFER_SIZE",
            defaults.max_line,
            "a number of bytes",
        ),
        max_answer: variables.number("KEELSON_ANSWER_LIMIT", defaults.max_answer, "a number of bytes"),
        custom_model_fallback: variables.flag("ENABLE_CUSTOM_MODEL_FALLBACK", false),
    }
}

#[cfg(test)]
mod tests {
    use keelson_domain::model::Method;

    use super::*;

    #[test]
    fn the_list_of_endpoints_replaces_the_default_one() {
        let given = Variables::given(&[("KEELSON_PROXY_ENDPOINTS", "GET files, batches/*")]);
        let endpoints = providers(&given).proxy_endpoints;
        let includes = |method, path| endpoints.iter().any(|one| one.includes(method, path));
        assert!(includes(Method::Get, "files") && includes(Method::Post, "batches/b1"));
        assert!(!includes(Method::Delete, "files") && !includes(Method::Post, "completions"));
        assert!(given.finish().is_ok());
    }

    #[test]
    fn an_endpoint_that_is_none_is_named() {
        let given = Variables::given(&[("KEELSON_PROXY_ENDPOINTS", "files, ../admin")]);
        assert_eq!(providers(&given).proxy_endpoints.len(), 1);
        let error = given
            .finish()
            .map_err(|error| error.to_string())
            .expect_err("one is wrong");
        assert!(
            error.contains("../admin") && error.contains("GET files"),
            "{error}"
        );
    }
}
