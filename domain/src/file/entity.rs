use serde_json::Value;

use super::FileId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// A file. Its bytes lie in storage at `path`.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Identity.
    pub id: FileId,
    /// Who uploaded it.
    pub owner: UserId,
    /// Name as uploaded.
    pub filename: String,
    /// SHA-256 of the text in it, once that is known.
    pub hash: Option<String>,
    /// Where the bytes lie.
    pub path: Option<String>,
    /// What was read out of it: `status`, and `content`, the text.
    pub data: Option<Value>,
    /// Name, type, size, collection.
    pub meta: Option<Value>,
    /// Who else may use it.
    pub access_control: Option<Value>,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}
