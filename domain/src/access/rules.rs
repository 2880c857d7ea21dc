use serde_json::Value;

use crate::group::GroupId;
use crate::user::UserId;

/// What someone wants to do with a shared object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// See and use it.
    Read,
    /// Change it.
    Write,
}

impl Right {
    /// The right's name in stored rules.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// What an object without rules (a stored `null`) means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unset {
    /// Everyone may read it: models, tools, prompts, knowledge, channels.
    Public,
    /// Its owner alone may: notes. (The reference shows those to everyone, which is seldom meant.)
    Private,
}

/// Who beside its owner may do what with an object, as stored: nothing ([`Unset`] says what that means), `{}` for
/// nobody, and `{"read": {"user_ids": […], "group_ids": […]}, "write": {…}}` for those named. The right to write does
/// not imply the right to read.
#[derive(Debug, Clone, Copy)]
pub struct AccessRules<'a> {
    stored: Option<&'a Value>,
    unset: Unset,
}

impl<'a> AccessRules<'a> {
    /// The rules of an object, as stored.
    pub fn new(stored: Option<&'a Value>, unset: Unset) -> Self {
        Self { stored, unset }
    }

    /// Whether the object is everyone's to read.
    pub fn are_public(&self) -> bool {
        self.unset == Unset::Public && matches!(self.stored, None | Some(Value::Null))
    }

    /// Whether the rules give a user who is in these groups the right.
    pub(super) fn grant(&self, right: Right, user: &UserId, groups: &[GroupId]) -> bool {
        let rules = match self.stored {
            None | Some(Value::Null) => return self.unset == Unset::Public && right == Right::Read,
            Some(rules) => rules,
        };
        let names = |list: &str, id: &str| {
            rules[right.as_str()][list]
                .as_array()
                .is_some_and(|ids| ids.iter().any(|entry| entry.as_str() == Some(id)))
        };
        names("user_ids", user.as_str()) || groups.iter().any(|group| names("group_ids", group.as_str()))
    }
}

/// An object that its owner can share by rules.
pub trait Shareable {
    /// Whose it is.
    fn owner(&self) -> &UserId;
    /// Who else may do what with it.
    fn rules(&self) -> AccessRules<'_>;
}
