use serde_json::Value;

use crate::access::{AccessRules, Shareable, Unset};
use crate::shared::Timestamp;
use crate::user::UserId;

/// A prompt. Its command is its identity.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What people type, with the slash.
    pub command: String,
    /// Who made it.
    pub owner: UserId,
    /// Title.
    pub title: String,
    /// Text, with variables.
    pub content: String,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
    /// Who else may use or change it.
    pub access_control: Option<Value>,
}

impl Shareable for Prompt {
    fn owner(&self) -> &UserId {
        &self.owner
    }

    fn rules(&self) -> AccessRules<'_> {
        AccessRules::new(self.access_control.as_ref(), Unset::Public)
    }
}
