use keelson_domain::auth::Caller;
use keelson_domain::config::{Setting, Snapshot, table};
use keelson_domain::model::{ProviderReply, ProviderRequest};
use serde_json::{Map, Value, json};

use super::{GenerationError, Generations, prompts, template};
use crate::completion::variables;

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// A title.
    Title,
    /// Tags.
    Tags,
    /// Questions that the user may ask next.
    FollowUps,
    /// What to search for on the web.
    WebQueries,
    /// What to search for in knowledge.
    RetrievalQueries,
    /// The rest of an unfinished text.
    Autocomplete,
    /// An emoji.
    Emoji,
    /// The description of a picture.
    ImagePrompt,
    /// One answer made of several.
    Merge,
}

/// What it is written from.
#[derive(Debug, Clone, Default)]
pub struct Input {
    /// The model of the conversation.
    pub model: String,
    /// The conversation, oldest first.
    pub messages: Vec<Value>,
    /// The text in question; the last question of the conversation when none.
    pub prompt: Option<String>,
    /// What kind of text is completed.
    pub kind: Option<String>,
    /// The answers to be merged.
    pub responses: Vec<String>,
    /// The chat, for providers that are told.
    pub chat_id: Option<String>,
    /// Whether the answer is wanted as it grows.
    pub stream: bool,
}

impl Ask {
    fn switch(&self) -> Option<(Setting, GenerationError)> {
        Some(match self {
            Self::Title => (table::ENABLE_TITLE_GENERATION, GenerationError::Off("titles")),
            Self::Tags => (table::ENABLE_TAGS_GENERATION, GenerationError::Off("tags")),
            Self::FollowUps => (
                table::ENABLE_FOLLOW_UP_GENERATION,
                GenerationError::Off("follow-ups"),
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
                GenerationError::NotAllowed("autocompletions"),
            ),
            Self::Emoji | Self::ImagePrompt | Self::Merge => return None,
        })
    }

    /// The admin's template, or ours.
    fn template<'s>(&self, settings: &'s Snapshot) -> &'s str {
        let (setting, ours) = match self {
            Self::Title => (Some(&table::TITLE_GENERATION_PROMPT_TEMPLATE), prompts::TITLE),
            Self::Tags => (Some(&table::TAGS_GENERATION_PROMPT_TEMPLATE), prompts::TAGS),
            Self::FollowUps => (
                Some(&table::FOLLOW_UP_GENERATION_PROMPT_TEMPLATE),
                prompts::FOLLOW_UPS,
            ),
            Self::WebQueries | Self::RetrievalQueries => {
                (Some(&table::QUERY_GENERATION_PROMPT_TEMPLATE), prompts::QUERIES)
            }
            Self::Autocomplete => (
                Some(&table::AUTOCOMPLETE_GENERATION_PROMPT_TEMPLATE),
                prompts::AUTOCOMPLETE,
            ),
            Self::ImagePrompt => (
                Some(&table::IMAGE_PROMPT_GENERATION_PROMPT_TEMPLATE),
                prompts::IMAGE,
            ),
            Self::Emoji => (None, prompts::EMOJI),
            Self::Merge => (None, prompts::MERGE),
        };
        let own = setting.map(|setting| settings.text(setting)).unwrap_or_default();
        if own.trim().is_empty() { ours } else { own }
    }

    /// How many tokens an answer may have, where that is limited.
    fn limit(&self) -> Option<u32> {
        match self {
            Self::Title => Some(1000),
            Self::Emoji => Some(4),
            _ => None,
        }
    }
}

impl Generations {
    /// Asks the model that does background work for the conversation's model.
    ///
    /// # Errors
    /// See [`GenerationError`].
    pub async fn ask(
        &self,
        caller: &Caller,
        ask: &Ask,
        input: &Input,
    ) -> Result<ProviderReply, GenerationError> {
        let settings = self.settings.snapshot();
        if let Some((switch, off)) = ask.switch()
            && !settings.bool(&switch)
        {
            return Err(off);
        }
        check_length(&settings, ask, input)?;
        if input.model.is_empty() {
            return Err(GenerationError::NoModel);
        }
        let model = self.models.task_model(caller, &input.model).await?;
        let prompt = self.prompt(&settings, caller, ask, input);
        let mut body = json!({
            "model": model.upstream_id,
            "messages": [{"role": "user", "content": prompt}],
            "stream": input.stream,
        });
        if let Some(limit) = ask.limit() {
            body["max_tokens"] = json!(limit);
        }
        let headers = self.models.user_headers(caller, input.chat_id.as_deref());
        Ok(model
            .provider
            .chat(&model.connection, ProviderRequest { body, headers })
            .await?)
    }

    fn prompt(&self, settings: &Snapshot, caller: &Caller, ask: &Ask, input: &Input) -> String {
        let question = || template::last_question(&input.messages);
        let prompt = input.prompt.clone().unwrap_or_else(question);
        let gaps = Map::from_iter([
            (
                "{{TYPE}}".to_owned(),
                json!(input.kind.as_deref().unwrap_or("general")),
            ),
            ("{{responses}}".to_owned(), json!(input.responses.join("\n\n"))),
        ]);
        let known = variables::filled(ask.template(settings), &gaps, &caller.user, self.clock.now());
        template::filled(&known, &input.messages, &prompt)
    }
}

fn check_length(settings: &Snapshot, ask: &Ask, input: &Input) -> Result<(), GenerationError> {
    let longest = settings
        .int(&table::AUTOCOMPLETE_GENERATION_INPUT_MAX_LENGTH)
        .unwrap_or(-1);
    let length = input.prompt.as_ref().map_or(0, |prompt| prompt.chars().count());
    if *ask == Ask::Autocomplete && longest > 0 && i64::try_from(length).unwrap_or(i64::MAX) > longest {
        return Err(GenerationError::TooLong(longest));
    }
    Ok(())
}
