use serde_json::Value;

use super::NoteId;
use crate::access::{AccessRules, Right, Shareable, Unset};
use crate::group::GroupId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// What lists need to know of a note, without its text.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteHead {
    /// Identity.
    pub id: NoteId,
    /// Who made it.
    pub owner: UserId,
    /// Title.
    pub title: String,
    /// Who else may read or change it.
    pub access_control: Option<Value>,
    /// Created (nanoseconds).
    pub created_at: Timestamp,
    /// Last changed (nanoseconds).
    pub updated_at: Timestamp,
}

impl Shareable for NoteHead {
    fn owner(&self) -> &UserId {
        &self.owner
    }

    fn rules(&self) -> AccessRules<'_> {
        AccessRules::new(self.access_control.as_ref(), Unset::Private)
    }
}

impl NoteHead {
    /// Whether a user who is in these groups has the right. A note without access control is its owner's only:
    /// the reference shows those to everyone, which is seldom meant.
    pub fn grants(&self, right: Right, user: &UserId, groups: &[GroupId]) -> bool {
        self.owner == *user || self.rules().grant(right, user, groups)
    }
}

/// A note.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// What lists know of it.
    pub head: NoteHead,
    /// The text: `{"content": {"json", "html", "md"}}`, and files.
    pub data: Option<Value>,
    /// Free data.
    pub meta: Option<Value>,
}
