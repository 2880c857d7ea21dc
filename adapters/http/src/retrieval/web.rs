use keelson_domain::config::table::*;
use poem_openapi::Object;

use crate::settings_form::{Field, SettingsForm};

/// How the web is searched and its pages are read.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct WebSettings {
    #[oai(rename = "BING_SEARCH_V7_ENDPOINT")]
    bing_search_v7_endpoint: String,
    #[oai(rename = "BING_SEARCH_V7_SUBSCRIPTION_KEY")]
    bing_search_v7_subscription_key: String,
    bocha_search_api_key: String,
    brave_search_api_key: String,
    bypass_web_search_embedding_and_retrieval: bool,
    bypass_web_search_web_loader: bool,
    enable_web_loader_ssl_verification: bool,
    enable_web_search: bool,
    exa_api_key: String,
    external_web_loader_api_key: String,
    external_web_loader_url: String,
    external_web_search_api_key: String,
    external_web_search_url: String,
    firecrawl_api_base_url: String,
    firecrawl_api_key: String,
    google_pse_api_key: String,
    google_pse_engine_id: String,
    jina_api_key: String,
    kagi_search_api_key: String,
    mojeek_search_api_key: String,
    ollama_cloud_web_search_api_key: String,
    perplexity_api_key: String,
    perplexity_model: String,
    perplexity_search_api_url: String,
    perplexity_search_context_usage: String,
    /// In milliseconds.
    playwright_timeout: i64,
    playwright_ws_url: String,
    searchapi_api_key: String,
    searchapi_engine: String,
    searxng_language: String,
    searxng_query_url: String,
    serpapi_api_key: String,
    serpapi_engine: String,
    serper_api_key: String,
    serply_api_key: String,
    serpstack_api_key: String,
    serpstack_https: bool,
    sougou_api_sid: String,
    sougou_api_sk: String,
    tavily_api_key: String,
    tavily_extract_depth: String,
    web_loader_concurrent_requests: i64,
    web_loader_engine: String,
    /// In seconds.
    web_loader_timeout: String,
    web_search_concurrent_requests: i64,
    web_search_domain_filter_list: Vec<String>,
    web_search_engine: String,
    web_search_result_count: i64,
    web_search_trust_env: bool,
    yacy_password: String,
    yacy_query_url: String,
    yacy_username: String,
    youtube_loader_language: Vec<String>,
    youtube_loader_proxy_url: String,
}

impl SettingsForm for WebSettings {
    const FIELDS: &'static [Field] = &[
        Field::of(BING_SEARCH_V7_ENDPOINT),
        Field::of(BING_SEARCH_V7_SUBSCRIPTION_KEY),
        Field::of(BOCHA_SEARCH_API_KEY),
        Field::of(BRAVE_SEARCH_API_KEY),
        Field::of(BYPASS_WEB_SEARCH_EMBEDDING_AND_RETRIEVAL),
        Field::of(BYPASS_WEB_SEARCH_WEB_LOADER),
        Field::of(ENABLE_WEB_LOADER_SSL_VERIFICATION),
        Field::of(ENABLE_WEB_SEARCH),
        Field::of(EXA_API_KEY),
        Field::of(EXTERNAL_WEB_LOADER_API_KEY),
        Field::of(EXTERNAL_WEB_LOADER_URL),
        Field::of(EXTERNAL_WEB_SEARCH_API_KEY),
        Field::of(EXTERNAL_WEB_SEARCH_URL),
        Field::of(FIRECRAWL_API_BASE_URL),
        Field::of(FIRECRAWL_API_KEY),
        Field::of(GOOGLE_PSE_API_KEY),
        Field::of(GOOGLE_PSE_ENGINE_ID),
        Field::of(JINA_API_KEY),
        Field::of(KAGI_SEARCH_API_KEY),
        Field::of(MOJEEK_SEARCH_API_KEY),
        Field::of(OLLAMA_CLOUD_WEB_SEARCH_API_KEY),
        Field::of(PERPLEXITY_API_KEY),
        Field::of(PERPLEXITY_MODEL),
        Field::of(PERPLEXITY_SEARCH_API_URL),
        Field::of(PERPLEXITY_SEARCH_CONTEXT_USAGE),
        Field::of(PLAYWRIGHT_TIMEOUT),
        Field::of(PLAYWRIGHT_WS_URL),
        Field::of(SEARCHAPI_API_KEY),
        Field::of(SEARCHAPI_ENGINE),
        Field::of(SEARXNG_LANGUAGE),
        Field::of(SEARXNG_QUERY_URL),
        Field::of(SERPAPI_API_KEY),
        Field::of(SERPAPI_ENGINE),
        Field::of(SERPER_API_KEY),
        Field::of(SERPLY_API_KEY),
        Field::of(SERPSTACK_API_KEY),
        Field::of(SERPSTACK_HTTPS),
        Field::of(SOUGOU_API_SID),
        Field::of(SOUGOU_API_SK),
        Field::of(TAVILY_API_KEY),
        Field::of(TAVILY_EXTRACT_DEPTH),
        Field::of(WEB_LOADER_CONCURRENT_REQUESTS),
        Field::of(WEB_LOADER_ENGINE),
        Field::of(WEB_LOADER_TIMEOUT),
        Field::of(WEB_SEARCH_CONCURRENT_REQUESTS),
        Field::of(WEB_SEARCH_DOMAIN_FILTER_LIST),
        Field::of(WEB_SEARCH_ENGINE),
        Field::of(WEB_SEARCH_RESULT_COUNT),
        Field::of(WEB_SEARCH_TRUST_ENV),
        Field::of(YACY_PASSWORD),
        Field::of(YACY_QUERY_URL),
        Field::of(YACY_USERNAME),
        Field::of(YOUTUBE_LOADER_LANGUAGE),
        Field::of(YOUTUBE_LOADER_PROXY_URL),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<WebSettings>();
    }
}
