use keelson_application::user::Owned;
use keelson_domain::prompt::Prompt;
use poem_openapi::Object;

use crate::access::{AccessRulesColumn, Owner};
use crate::json::{Free, Nullable};

/// A prompt.
#[derive(Object)]
#[oai(rename = "Prompt")]
pub(super) struct PromptDto {
    /// What people type, with the slash; its identity.
    command: String,
    /// Whose it is.
    user_id: String,
    /// Title.
    title: String,
    /// Text, with variables.
    content: String,
    /// When it was last changed, in seconds since 1970.
    timestamp: i64,
    access_control: Nullable<Free<AccessRulesColumn>>,
}

impl From<Prompt> for PromptDto {
    fn from(prompt: Prompt) -> Self {
        Self {
            command: prompt.command,
            user_id: prompt.owner.into_string(),
            title: prompt.title,
            content: prompt.content,
            timestamp: prompt.updated_at.seconds(),
            access_control: prompt.access_control.map(Free::from).into(),
        }
    }
}

/// A prompt and its owner.
#[derive(Object)]
#[oai(rename = "OwnedPrompt")]
pub(super) struct OwnedPromptDto {
    #[oai(flatten)]
    prompt: PromptDto,
    /// Its owner; null when the account is gone.
    user: Nullable<Owner>,
}

impl From<Owned<Prompt>> for OwnedPromptDto {
    fn from(prompt: Owned<Prompt>) -> Self {
        Self {
            prompt: prompt.object.into(),
            user: prompt.owner.map(Owner::from).into(),
        }
    }
}
