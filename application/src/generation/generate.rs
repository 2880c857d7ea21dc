use keelson_domain::auth::Caller;
use keelson_domain::config::{Setting, Snapshot, table};
use keelson_domain::model::{ProviderReply, ProviderRequest};
use serde_json::{Map, Value, json};

use super::{GenerationError, Generations, default_prompts, template};
use crate::prompting::fill_variables;

/// What is generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenerationKind {
    /// The title of a chat.
    Title,
    /// The tags of a chat.
    Tags,
    /// Questions that the user may ask next.
    FollowUps,
    /// Queries for a web search.
    WebQueries,
    /// Queries for a search in knowledge.
    RetrievalQueries,
    /// The completion of an unfinished text.
    Autocomplete,
    /// An emoji.
    Emoji,
    /// A prompt for image generation.
    ImagePrompt,
    /// One answer merged from several (mixture of agents).
    Merge,
}

/// What it is generated from.
#[derive(Debug, Clone, Default)]
pub struct GenerationInput {
    /// The model of the conversation.
    pub model: String,
    /// The conversation, oldest first.
    pub messages: Vec<Value>,
    /// The text in question; none for the user's last message.
    pub prompt: Option<String>,
    /// What kind of text is completed: `general`, `search query`.
    pub kind: Option<String>,
    /// The answers to merge.
    pub responses: Vec<String>,
    /// The chat, for the headers that tell providers about it.
    pub chat_id: Option<String>,
    /// Whether the reply is a stream.
    pub stream: bool,
}

impl GenerationKind {
    /// The setting that enables it, and the error when it is off; none for what is always on.
    fn enabling_setting(self) -> Option<(Setting, GenerationError)> {
        Some(match self {
            Self::Title => (
                table::ENABLE_TITLE_GENERATION,
                GenerationError::Disabled("title generation"),
            ),
            Self::Tags => (
                table::ENABLE_TAGS_GENERATION,
                GenerationError::Disabled("tag generation"),
            ),
            Self::FollowUps => (
                table::ENABLE_FOLLOW_UP_GENERATION,
                GenerationError::Disabled("follow-up generation"),
            ),
            Self::WebQueries => (
                table::ENABLE_SEARCH_QUERY_GENERATION,
                GenerationError::NotAllowed("search queries"),
            ),
            Self::RetrievalQueries => (
                table::ENABLE_RETRIEVAL_QUERY_GENERATION,
                GenerationError::NotAllowed("retrieval queries"),
            ),
            Self::Autocomplete => (
                table::ENABLE_AUTOCOMPLETE_GENERATION,
                GenerationError::NotAllowed("autocompletion"),
            ),
            Self::Emoji | Self::ImagePrompt | Self::Merge => return None,
        })
    }

    /// The admin's prompt template, or the default one.
    fn template(self, settings: &Snapshot) -> &str {
        let (setting, default) = match self {
            Self::Title => (
                Some(&table::TITLE_GENERATION_PROMPT_TEMPLATE),
                default_prompts::TITLE,
            ),
            Self::Tags => (
                Some(&table::TAGS_GENERATION_PROMPT_TEMPLATE),
                default_prompts::TAGS,
            ),
            Self::FollowUps => (
                Some(&table::FOLLOW_UP_GENERATION_PROMPT_TEMPLATE),
                default_prompts::FOLLOW_UPS,
            ),
            Self::WebQueries | Self::RetrievalQueries => (
                Some(&table::QUERY_GENERATION_PROMPT_TEMPLATE),
                default_prompts::QUERIES,
            ),
            Self::Autocomplete => (
                Some(&table::AUTOCOMPLETE_GENERATION_PROMPT_TEMPLATE),
                default_prompts::AUTOCOMPLETE,
            ),
            Self::ImagePrompt => (
                Some(&table::IMAGE_PROMPT_GENERATION_PROMPT_TEMPLATE),
                default_prompts::IMAGE,
            ),
            Self::Emoji => (None, default_prompts::EMOJI),
            Self::Merge => (None, default_prompts::MERGE),
        };
        let custom = setting.map(|setting| settings.text(setting)).unwrap_or_default();
        if custom.trim().is_empty() { default } else { custom }
    }

    /// The limit of the reply in tokens; none for no limit.
    fn max_tokens(self) -> Option<u32> {
        match self {
            Self::Title => Some(1000),
            Self::Emoji => Some(4),
            _ => None,
        }
    }
}

impl Generations {
    /// Generates with the task model that belongs to the conversation's model.
    ///
    /// # Errors
    /// See [`GenerationError`].
    pub async fn generate(
        &self,
        caller: &Caller,
        kind: GenerationKind,
        input: &GenerationInput,
    ) -> Result<ProviderReply, GenerationError> {
        let settings = self.settings.snapshot();
        if let Some((setting, error)) = kind.enabling_setting()
            && !settings.bool(&setting)
        {
            return Err(error);
        }
        check_length(&settings, kind, input)?;
        if input.model.is_empty() {
            return Err(GenerationError::NoModel);
        }
        let model = self.models.task_model(caller, &input.model).await?;
        let prompt = self.build_prompt(&settings, caller, kind, input);
        let mut body = json!({
            "model": model.upstream_id,
            "messages": [{"role": "user", "content": prompt}],
            "stream": input.stream,
        });
        if let Some(limit) = kind.max_tokens() {
            body["max_tokens"] = json!(limit);
        }
        let headers = self.models.user_headers(caller, input.chat_id.as_deref());
        Ok(model
            .provider
            .chat(&model.connection, ProviderRequest { body, headers })
            .await?)
    }

    fn build_prompt(
        &self,
        settings: &Snapshot,
        caller: &Caller,
        kind: GenerationKind,
        input: &GenerationInput,
    ) -> String {
        let last_message = || template::last_user_message(&input.messages);
        let prompt = input.prompt.clone().unwrap_or_else(last_message);
        let variables = Map::from_iter([
            (
                "{{TYPE}}".to_owned(),
                json!(input.kind.as_deref().unwrap_or("general")),
            ),
            ("{{responses}}".to_owned(), json!(input.responses.join("\n\n"))),
        ]);
        let template = kind.template(settings);
        let template = fill_variables(template, &self.models.variables(&variables, caller));
        template::fill_template(&template, &input.messages, &prompt)
    }
}

fn check_length(
    settings: &Snapshot,
    kind: GenerationKind,
    input: &GenerationInput,
) -> Result<(), GenerationError> {
    let limit = settings
        .int(&table::AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH)
        .unwrap_or(-1);
    let length = input.prompt.as_ref().map_or(0, |prompt| prompt.chars().count());
    if kind == GenerationKind::Autocomplete && limit > 0 && i64::try_from(length).unwrap_or(i64::MAX) > limit
    {
        return Err(GenerationError::TooLong(limit));
    }
    Ok(())
}
