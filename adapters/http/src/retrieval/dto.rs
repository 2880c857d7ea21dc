use keelson_domain::config::{Snapshot, table};
use poem_openapi::Object;

use super::documents::DocumentSettings;
use super::web::WebSettings;
use crate::json::{Declared, Nullable};
use crate::settings_form::{Field, SettingsForm, in_force};

/// The settings of documents and the web.
#[derive(Object)]
pub(super) struct RetrievalConfig {
    /// Always true.
    status: bool,
    web: WebConfig,
    #[oai(flatten)]
    documents: Declared<DocumentSettings>,
}

/// The settings of the web.
#[derive(Object)]
struct WebConfig {
    /// Into what the text of a video is translated; nothing sets it yet.
    #[oai(rename = "YOUTUBE_LOADER_TRANSLATION")]
    youtube_loader_translation: Nullable<String>,
    #[oai(flatten)]
    settings: Declared<WebSettings>,
}

impl From<&Snapshot> for RetrievalConfig {
    fn from(settings: &Snapshot) -> Self {
        Self {
            status: true,
            web: WebConfig {
                youtube_loader_translation: Nullable(None),
                settings: in_force(settings),
            },
            documents: in_force(settings),
        }
    }
}

/// The settings of embeddings.
#[derive(Object)]
pub(super) struct EmbeddingConfig {
    /// Always true.
    status: bool,
    openai_config: Declared<OpenAiEmbeddings>,
    ollama_config: Declared<OllamaEmbeddings>,
    azure_openai_config: Declared<AzureEmbeddings>,
    #[oai(flatten)]
    settings: Declared<EmbeddingSettings>,
}

impl From<&Snapshot> for EmbeddingConfig {
    fn from(settings: &Snapshot) -> Self {
        Self {
            status: true,
            openai_config: in_force(settings),
            ollama_config: in_force(settings),
            azure_openai_config: in_force(settings),
            settings: in_force(settings),
        }
    }
}

/// How texts are embedded.
#[derive(Object)]
#[oai(rename_all = "SCREAMING_SNAKE_CASE")]
struct EmbeddingSettings {
    rag_embedding_engine: String,
    rag_embedding_model: String,
    /// How many texts go in one request.
    rag_embedding_batch_size: i64,
    enable_async_embedding: bool,
}

impl SettingsForm for EmbeddingSettings {
    const FIELDS: &'static [Field] = &[
        Field::of(table::RAG_EMBEDDING_ENGINE),
        Field::of(table::RAG_EMBEDDING_MODEL),
        Field::of(table::RAG_EMBEDDING_BATCH_SIZE),
        Field::of(table::ENABLE_ASYNC_EMBEDDING),
    ];
}

/// Embeddings of a server that speaks as OpenAI does.
#[derive(Object)]
struct OpenAiEmbeddings {
    url: String,
    key: String,
}

impl SettingsForm for OpenAiEmbeddings {
    const FIELDS: &'static [Field] = &[
        Field::named("url", table::RAG_OPENAI_API_BASE_URL),
        Field::named("key", table::RAG_OPENAI_API_KEY),
    ];
}

/// Embeddings of an Ollama server.
#[derive(Object)]
struct OllamaEmbeddings {
    url: String,
    key: String,
}

impl SettingsForm for OllamaEmbeddings {
    const FIELDS: &'static [Field] = &[
        Field::named("url", table::RAG_OLLAMA_BASE_URL),
        Field::named("key", table::RAG_OLLAMA_API_KEY),
    ];
}

/// Embeddings of Azure.
#[derive(Object)]
struct AzureEmbeddings {
    url: String,
    key: String,
    version: String,
}

impl SettingsForm for AzureEmbeddings {
    const FIELDS: &'static [Field] = &[
        Field::named("url", table::RAG_AZURE_OPENAI_BASE_URL),
        Field::named("key", table::RAG_AZURE_OPENAI_API_KEY),
        Field::named("version", table::RAG_AZURE_OPENAI_API_VERSION),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings_form::assert_bound;

    #[test]
    fn every_field_is_bound_to_a_setting() {
        assert_bound::<EmbeddingSettings>();
        assert_bound::<OpenAiEmbeddings>();
        assert_bound::<OllamaEmbeddings>();
        assert_bound::<AzureEmbeddings>();
    }
}
