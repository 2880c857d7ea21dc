use serde_json::Value;

use super::KnowledgeId;
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
