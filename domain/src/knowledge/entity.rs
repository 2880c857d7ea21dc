use serde_json::Value;

use super::KnowledgeId;
use crate::access::{AccessRules, Shareable, Unset};
use crate::shared::Timestamp;
use crate::user::UserId;

/// A collection of files.
#[derive(Debug, Clone, PartialEq)]
pub struct Knowledge {
    /// Identity.
    pub id: KnowledgeId,
    /// Who made it.
    pub owner: UserId,
    /// Name.
    pub name: String,
    /// What it is about.
    pub description: Option<String>,
    /// Free data.
    pub meta: Option<Value>,
    /// Who else may use or change it.
    pub access_control: Option<Value>,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

impl Shareable for Knowledge {
    fn owner(&self) -> &UserId {
        &self.owner
    }

    fn rules(&self) -> AccessRules<'_> {
        AccessRules::new(self.access_control.as_ref(), Unset::Public)
    }
}
