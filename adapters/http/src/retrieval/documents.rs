use keelson_domain::config::table::*;
use poem_openapi::Object;

use crate::json::{Column, Free, Nullable};
use crate::settings_form::{Field, SettingsForm};

/// What an engine is told beyond the settings.
pub(super) struct EngineParams;

impl Column for EngineParams {
    const NAME: &'static str = "ExtractionParams";
    const DESCRIPTION: &'static str = "Parameters of the engine's own, sent to it as they are.";
}

/// How documents are read, cut up, searched and ranked.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) struct DocumentSettings {
    allowed_file_extensions: Vec<String>,
    bypass_embedding_and_retrieval: bool,
    /// In characters or tokens, by the splitter.
    chunk_overlap: i64,
    /// In characters or tokens, by the splitter.
    chunk_size: i64,
    content_extraction_engine: String,
    datalab_marker_additional_config: String,
    datalab_marker_api_base_url: String,
    datalab_marker_api_key: String,
    datalab_marker_disable_image_extraction: bool,
    datalab_marker_force_ocr: bool,
    datalab_marker_format_lines: bool,
    datalab_marker_output_format: String,
    datalab_marker_paginate: bool,
    datalab_marker_skip_cache: bool,
    datalab_marker_strip_existing_ocr: bool,
    datalab_marker_use_llm: bool,
    docling_api_key: String,
    docling_params: Free<EngineParams>,
    docling_server_url: String,
    document_intelligence_endpoint: String,
    document_intelligence_key: String,
    document_intelligence_model: String,
    enable_google_drive_integration: bool,
    enable_onedrive_integration: bool,
    enable_rag_hybrid_search: bool,
    enable_rag_hybrid_search_enriched_texts: bool,
    external_document_loader_api_key: String,
    external_document_loader_url: String,
    /// In pixels.
    file_image_compression_height: Nullable<i64>,
    /// In pixels.
    file_image_compression_width: Nullable<i64>,
    /// How many files a chat may hold.
    file_max_count: Nullable<i64>,
    /// In megabytes.
    file_max_size: Nullable<i64>,
    #[oai(rename = "HYBRID_BM25_WEIGHT")]
    hybrid_bm25_weight: f64,
    mineru_api_key: String,
    mineru_api_mode: String,
    /// In seconds.
    mineru_api_timeout: String,
    mineru_api_url: String,
    mineru_params: Free<EngineParams>,
    mistral_ocr_api_base_url: String,
    mistral_ocr_api_key: String,
    pdf_extract_images: bool,
    rag_external_reranker_api_key: String,
    /// In seconds.
    rag_external_reranker_timeout: String,
    rag_external_reranker_url: String,
    rag_full_context: bool,
    rag_reranking_engine: String,
    rag_reranking_model: String,
    rag_template: String,
    relevance_threshold: f64,
    text_splitter: String,
    tika_server_url: String,
    top_k: i64,
    top_k_reranker: i64,
}

impl SettingsForm for DocumentSettings {
    const FIELDS: &'static [Field] = &[
        Field::named("ALLOWED_FILE_EXTENSIONS", RAG_ALLOWED_FILE_EXTENSIONS),
        Field::of(BYPASS_EMBEDDING_AND_RETRIEVAL),
        Field::of(CHUNK_OVERLAP),
        Field::of(CHUNK_SIZE),
        Field::of(CONTENT_EXTRACTION_ENGINE),
        Field::of(DATALAB_MARKER_ADDITIONAL_CONFIG),
        Field::of(DATALAB_MARKER_API_BASE_URL),
        Field::of(DATALAB_MARKER_API_KEY),
        Field::of(DATALAB_MARKER_DISABLE_IMAGE_EXTRACTION),
        Field::of(DATALAB_MARKER_FORCE_OCR),
        Field::of(DATALAB_MARKER_FORMAT_LINES),
        Field::of(DATALAB_MARKER_OUTPUT_FORMAT),
        Field::of(DATALAB_MARKER_PAGINATE),
        Field::of(DATALAB_MARKER_SKIP_CACHE),
        Field::of(DATALAB_MARKER_STRIP_EXISTING_OCR),
        Field::of(DATALAB_MARKER_USE_LLM),
        Field::of(DOCLING_API_KEY),
        Field::of(DOCLING_PARAMS),
        Field::of(DOCLING_SERVER_URL),
        Field::of(DOCUMENT_INTELLIGENCE_ENDPOINT),
        Field::of(DOCUMENT_INTELLIGENCE_KEY),
        Field::of(DOCUMENT_INTELLIGENCE_MODEL),
        Field::of(ENABLE_GOOGLE_DRIVE_INTEGRATION),
        Field::of(ENABLE_ONEDRIVE_INTEGRATION),
        Field::of(ENABLE_RAG_HYBRID_SEARCH),
        Field::of(ENABLE_RAG_HYBRID_SEARCH_ENRICHED_TEXTS),
        Field::of(EXTERNAL_DOCUMENT_LOADER_API_KEY),
        Field::of(EXTERNAL_DOCUMENT_LOADER_URL),
        Field::of(FILE_IMAGE_COMPRESSION_HEIGHT),
        Field::of(FILE_IMAGE_COMPRESSION_WIDTH),
        Field::named("FILE_MAX_COUNT", RAG_FILE_MAX_COUNT),
        Field::named("FILE_MAX_SIZE", RAG_FILE_MAX_SIZE),
        Field::named("HYBRID_BM25_WEIGHT", RAG_HYBRID_BM25_WEIGHT),
        Field::of(MINERU_API_KEY),
        Field::of(MINERU_API_MODE),
        Field::of(MINERU_API_TIMEOUT),
        Field::of(MINERU_API_URL),
        Field::of(MINERU_PARAMS),
        Field::of(MISTRAL_OCR_API_BASE_URL),
        Field::of(MISTRAL_OCR_API_KEY),
        Field::of(PDF_EXTRACT_IMAGES),
        Field::of(RAG_EXTERNAL_RERANKER_API_KEY),
        Field::of(RAG_EXTERNAL_RERANKER_TIMEOUT),
        Field::of(RAG_EXTERNAL_RERANKER_URL),
        Field::of(RAG_FULL_CONTEXT),
        Field::of(RAG_RERANKING_ENGINE),
        Field::of(RAG_RERANKING_MODEL),
        Field::of(RAG_TEMPLATE),
        Field::named("RELEVANCE_THRESHOLD", RAG_RELEVANCE_THRESHOLD),
        Field::named("TEXT_SPLITTER", RAG_TEXT_SPLITTER),
        Field::of(TIKA_SERVER_URL),
        Field::named("TOP_K", RAG_TOP_K),
        Field::named("TOP_K_RERANKER", RAG_TOP_K_RERANKER),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<DocumentSettings>();
    }
}
