use std::sync::Arc;

use keelson_application::config::Settings;
use keelson_domain::config::table;
use poem_openapi::OpenApi;
use poem_openapi::payload::Json;
use serde_json::{Value, json};

use crate::caller::Admin;
use crate::config::named;

/// What admins set about documents and the web.
pub struct RetrievalApi {
    /// The settings in force.
    pub settings: Arc<Settings>,
}

/// The settings of documents.
const DOCUMENTS: [&str; 53] = [
    "ALLOWED_FILE_EXTENSIONS",
    "BYPASS_EMBEDDING_AND_RETRIEVAL",
    "CHUNK_OVERLAP",
    "CHUNK_SIZE",
    "CONTENT_EXTRACTION_ENGINE",
    "DATALAB_MARKER_ADDITIONAL_CONFIG",
    "DATALAB_MARKER_API_BASE_URL",
    "DATALAB_MARKER_API_KEY",
    "DATALAB_MARKER_DISABLE_IMAGE_EXTRACTION",
    "DATALAB_MARKER_FORCE_OCR",
    "DATALAB_MARKER_FORMAT_LINES",
    "DATALAB_MARKER_OUTPUT_FORMAT",
    "DATALAB_MARKER_PAGINATE",
    "DATALAB_MARKER_SKIP_CACHE",
    "DATALAB_MARKER_STRIP_EXISTING_OCR",
    "DATALAB_MARKER_USE_LLM",
    "DOCLING_API_KEY",
    "DOCLING_PARAMS",
    "DOCLING_SERVER_URL",
    "DOCUMENT_INTELLIGENCE_ENDPOINT",
    "DOCUMENT_INTELLIGENCE_KEY",
    "DOCUMENT_INTELLIGENCE_MODEL",
    "ENABLE_GOOGLE_DRIVE_INTEGRATION",
    "ENABLE_ONEDRIVE_INTEGRATION",
    "ENABLE_RAG_HYBRID_SEARCH",
    "ENABLE_RAG_HYBRID_SEARCH_ENRICHED_TEXTS",
    "EXTERNAL_DOCUMENT_LOADER_API_KEY",
    "EXTERNAL_DOCUMENT_LOADER_URL",
    "FILE_IMAGE_COMPRESSION_HEIGHT",
    "FILE_IMAGE_COMPRESSION_WIDTH",
    "FILE_MAX_COUNT",
    "FILE_MAX_SIZE",
    "HYBRID_BM25_WEIGHT",
    "MINERU_API_KEY",
    "MINERU_API_MODE",
    "MINERU_API_TIMEOUT",
    "MINERU_API_URL",
    "MINERU_PARAMS",
    "MISTRAL_OCR_API_BASE_URL",
    "MISTRAL_OCR_API_KEY",
    "PDF_EXTRACT_IMAGES",
    "RAG_EXTERNAL_RERANKER_API_KEY",
    "RAG_EXTERNAL_RERANKER_TIMEOUT",
    "RAG_EXTERNAL_RERANKER_URL",
    "RAG_FULL_CONTEXT",
    "RAG_RERANKING_ENGINE",
    "RAG_RERANKING_MODEL",
    "RAG_TEMPLATE",
    "RELEVANCE_THRESHOLD",
    "TEXT_SPLITTER",
    "TIKA_SERVER_URL",
    "TOP_K",
    "TOP_K_RERANKER",
];

/// The settings of the web.
const WEB: [&str; 54] = [
    "BING_SEARCH_V7_ENDPOINT",
    "BING_SEARCH_V7_SUBSCRIPTION_KEY",
    "BOCHA_SEARCH_API_KEY",
    "BRAVE_SEARCH_API_KEY",
    "BYPASS_WEB_SEARCH_EMBEDDING_AND_RETRIEVAL",
    "BYPASS_WEB_SEARCH_WEB_LOADER",
    "ENABLE_WEB_LOADER_SSL_VERIFICATION",
    "ENABLE_WEB_SEARCH",
    "EXA_API_KEY",
    "EXTERNAL_WEB_LOADER_API_KEY",
    "EXTERNAL_WEB_LOADER_URL",
    "EXTERNAL_WEB_SEARCH_API_KEY",
    "EXTERNAL_WEB_SEARCH_URL",
    "FIRECRAWL_API_BASE_URL",
    "FIRECRAWL_API_KEY",
    "GOOGLE_PSE_API_KEY",
    "GOOGLE_PSE_ENGINE_ID",
    "JINA_API_KEY",
    "KAGI_SEARCH_API_KEY",
    "MOJEEK_SEARCH_API_KEY",
    "OLLAMA_CLOUD_WEB_SEARCH_API_KEY",
    "PERPLEXITY_API_KEY",
    "PERPLEXITY_MODEL",
    "PERPLEXITY_SEARCH_API_URL",
    "PERPLEXITY_SEARCH_CONTEXT_USAGE",
    "PLAYWRIGHT_TIMEOUT",
    "PLAYWRIGHT_WS_URL",
    "SEARCHAPI_API_KEY",
    "SEARCHAPI_ENGINE",
    "SEARXNG_LANGUAGE",
    "SEARXNG_QUERY_URL",
    "SERPAPI_API_KEY",
    "SERPAPI_ENGINE",
    "SERPER_API_KEY",
    "SERPLY_API_KEY",
    "SERPSTACK_API_KEY",
    "SERPSTACK_HTTPS",
    "SOUGOU_API_SID",
    "SOUGOU_API_SK",
    "TAVILY_API_KEY",
    "TAVILY_EXTRACT_DEPTH",
    "WEB_LOADER_CONCURRENT_REQUESTS",
    "WEB_LOADER_ENGINE",
    "WEB_LOADER_TIMEOUT",
    "WEB_SEARCH_CONCURRENT_REQUESTS",
    "WEB_SEARCH_DOMAIN_FILTER_LIST",
    "WEB_SEARCH_ENGINE",
    "WEB_SEARCH_RESULT_COUNT",
    "WEB_SEARCH_TRUST_ENV",
    "YACY_PASSWORD",
    "YACY_QUERY_URL",
    "YACY_USERNAME",
    "YOUTUBE_LOADER_LANGUAGE",
    "YOUTUBE_LOADER_PROXY_URL",
];

#[OpenApi]
impl RetrievalApi {
    /// The settings of documents and the web, with their keys.
    #[oai(path = "/api/v1/retrieval/config", method = "get")]
    async fn config(&self, _admin: Admin) -> Json<Value> {
        let settings = self.settings.current();
        let mut shown = named(&settings, &DOCUMENTS);
        let mut web = named(&settings, &WEB);
        // Kept by the reference in memory only; nothing sets it before a form does.
        web.insert("YOUTUBE_LOADER_TRANSLATION".to_owned(), Value::Null);
        shown.insert("status".to_owned(), json!(true));
        shown.insert("web".to_owned(), Value::Object(web));
        Json(Value::Object(shown))
    }

    /// The settings of embeddings, with their keys.
    #[oai(path = "/api/v1/retrieval/embedding", method = "get")]
    async fn embedding(&self, _admin: Admin) -> Json<Value> {
        let settings = self.settings.current();
        Json(json!({
            "status": true,
            "RAG_EMBEDDING_ENGINE": settings.get(&table::RAG_EMBEDDING_ENGINE),
            "RAG_EMBEDDING_MODEL": settings.get(&table::RAG_EMBEDDING_MODEL),
            "RAG_EMBEDDING_BATCH_SIZE": settings.get(&table::RAG_EMBEDDING_BATCH_SIZE),
            "ENABLE_ASYNC_EMBEDDING": settings.get(&table::ENABLE_ASYNC_EMBEDDING),
            "openai_config": {
                "url": settings.get(&table::RAG_OPENAI_API_BASE_URL),
                "key": settings.get(&table::RAG_OPENAI_API_KEY),
            },
            "ollama_config": {
                "url": settings.get(&table::RAG_OLLAMA_BASE_URL),
                "key": settings.get(&table::RAG_OLLAMA_API_KEY),
            },
            "azure_openai_config": {
                "url": settings.get(&table::RAG_AZURE_OPENAI_BASE_URL),
                "key": settings.get(&table::RAG_AZURE_OPENAI_API_KEY),
                "version": settings.get(&table::RAG_AZURE_OPENAI_API_VERSION),
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_a_setting() {
        assert_eq!(crate::config::unknown(&DOCUMENTS), [""; 0]);
        assert_eq!(crate::config::unknown(&WEB), [""; 0]);
    }
}
