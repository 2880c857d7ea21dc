//! The documents of the OpenAI protocol, as the document declares them. Requests and replies are relayed as they come:
//! these types describe them and are never made of them.

use poem_openapi::registry::{MetaMediaType, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{Object, Union};

use crate::json::{Column, Extra, Free};
use crate::raw::Media;

/// A message of a conversation.
#[derive(Object)]
pub(crate) struct ChatMessage {
    /// `system`, `user`, `assistant` or `tool`.
    role: String,
    content: Option<MessageContent>,
    #[oai(flatten)]
    extra: Extra,
}

/// Text, or a list of parts such as texts and pictures.
#[derive(Union)]
pub(crate) enum MessageContent {
    /// Text.
    Text(String),
    /// Parts.
    Parts(Vec<Free<ContentPart>>),
}

/// A part of a message.
pub(crate) struct ContentPart;

impl Column for ContentPart {
    const NAME: &'static str = "ContentPart";
    const DESCRIPTION: &'static str =
        "A part of a message, as the OpenAI protocol describes it: `type` and what belongs to it.";
}

/// A request for a completion, in the OpenAI protocol.
///
/// Fields that are not listed here go to the provider as they are.
#[derive(Object)]
pub(crate) struct ChatCompletionForm {
    /// The model: an id that `/api/models` lists.
    model: String,
    /// The conversation, oldest message first.
    messages: Vec<ChatMessage>,
    /// Whether the answer comes as server-sent events.
    stream: Option<bool>,
    temperature: Option<f64>,
    max_tokens: Option<i64>,
    /// With `id` and `session_id`: the chat that the answer is written to. The completion runs as a task then.
    chat_id: Option<String>,
    /// The message that is the answer.
    id: Option<String>,
    /// The message that is answered.
    parent_id: Option<String>,
    /// The socket connection that asks.
    session_id: Option<String>,
    background_tasks: Option<BackgroundTasks>,
    params: Option<Free<ChatParams>>,
    variables: Option<Free<PromptVariables>>,
    #[oai(flatten)]
    extra: Extra,
}

/// What is generated after the answer of a task.
#[derive(Object)]
struct BackgroundTasks {
    title_generation: Option<bool>,
    tags_generation: Option<bool>,
    follow_up_generation: Option<bool>,
}

/// Parameters of a chat.
struct ChatParams;

impl Column for ChatParams {
    const NAME: &'static str = "ChatParams";
    const DESCRIPTION: &'static str =
        "Parameters that the user set for the chat, such as `temperature` and `max_tokens`.";
}

/// Variables of prompts.
struct PromptVariables;

impl Column for PromptVariables {
    const NAME: &'static str = "PromptVariables";
    const DESCRIPTION: &'static str = "Values of the variables in prompts: `{\"{{NAME}}\": \"value\"}`.";
}

/// A completion, as the provider sends it.
#[derive(Object)]
pub(crate) struct ChatCompletion {
    #[oai(skip_serializing_if_is_none)]
    id: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    object: Option<String>,
    /// When it was made, in seconds since 1970.
    #[oai(skip_serializing_if_is_none)]
    created: Option<i64>,
    #[oai(skip_serializing_if_is_none)]
    model: Option<String>,
    choices: Vec<ChatChoice>,
    #[oai(skip_serializing_if_is_none)]
    usage: Option<Free<TokenUsage>>,
    /// The model that answers for an arena.
    #[oai(skip_serializing_if_is_none)]
    selected_model_id: Option<String>,
    #[oai(flatten)]
    extra: Extra,
}

/// One answer of a completion.
#[derive(Object)]
struct ChatChoice {
    #[oai(skip_serializing_if_is_none)]
    index: Option<i64>,
    message: ChatMessage,
    #[oai(skip_serializing_if_is_none)]
    finish_reason: Option<String>,
    #[oai(flatten)]
    extra: Extra,
}

/// Numbers of tokens.
struct TokenUsage;

impl Column for TokenUsage {
    const NAME: &'static str = "TokenUsage";
    const DESCRIPTION: &'static str = "Numbers of tokens, as the provider counts them.";
}

/// A request for embeddings, in the OpenAI protocol.
#[derive(Object)]
pub(crate) struct EmbeddingForm {
    /// The model.
    model: String,
    input: EmbeddingInput,
    #[oai(flatten)]
    extra: Extra,
}

/// A text, several texts, or the numbers of tokens.
#[derive(Union)]
enum EmbeddingInput {
    /// A text.
    Text(String),
    /// Several texts.
    Texts(Vec<String>),
    /// Tokens.
    Tokens(Vec<i64>),
}

/// Embeddings, as the provider sends them.
#[derive(Object)]
pub(crate) struct Embeddings {
    data: Vec<EmbeddingItem>,
    #[oai(skip_serializing_if_is_none)]
    model: Option<String>,
    #[oai(skip_serializing_if_is_none)]
    usage: Option<Free<TokenUsage>>,
    #[oai(flatten)]
    extra: Extra,
}

/// The embedding of one text.
#[derive(Object)]
struct EmbeddingItem {
    index: i64,
    embedding: Vec<f64>,
    #[oai(flatten)]
    extra: Extra,
}

/// A request for speech, in the OpenAI protocol.
#[derive(Object)]
pub(crate) struct SpeechForm {
    /// The text to read aloud.
    input: String,
    model: Option<String>,
    voice: Option<String>,
    #[oai(flatten)]
    extra: Extra,
}

/// A document of a provider.
pub(crate) struct ProviderDocument;

impl Column for ProviderDocument {
    const NAME: &'static str = "ProviderDocument";
    const DESCRIPTION: &'static str = "A document of the provider, relayed as it came.";
}

/// Whatever a provider answers.
pub(crate) struct ProviderAnswer;

impl Media for ProviderAnswer {
    const MEANING: &'static str = "The provider's answer, relayed as it came.";

    fn content() -> Vec<MetaMediaType> {
        vec![
            MetaMediaType {
                content_type: "application/json",
                schema: Free::<ProviderDocument>::schema_ref(),
            },
            MetaMediaType {
                content_type: "application/octet-stream",
                schema: binary(),
            },
        ]
    }

    fn register(registry: &mut Registry) {
        Free::<ProviderDocument>::register(registry);
    }
}

/// Speech.
pub(crate) struct Sound;

impl Media for Sound {
    const MEANING: &'static str = "The speech, in the format of the provider.";

    fn content() -> Vec<MetaMediaType> {
        vec![MetaMediaType {
            content_type: "audio/mpeg",
            schema: binary(),
        }]
    }
}

fn binary() -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")))
}
