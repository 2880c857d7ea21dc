use serde_json::Value;

use super::ChannelId;
use crate::access::{AccessRules, Right, Shareable, Unset};
use crate::group::GroupId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// How a channel finds its people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelKind {
    /// By access control.
    Standard,
    /// By a list of members.
    Group,
    /// A talk between its members.
    Direct,
}

impl ChannelKind {
    /// From the stored form; anything unknown is a standard channel, as it is for the reference.
    pub fn from_stored(kind: Option<&str>) -> Self {
        match kind {
            Some("group") => Self::Group,
            Some("dm") => Self::Direct,
            _ => Self::Standard,
        }
    }

    /// Whether people are in it because they are listed as members.
    pub const fn has_members(self) -> bool {
        matches!(self, Self::Group | Self::Direct)
    }
}

/// A channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Channel {
    /// Identity.
    pub id: ChannelId,
    /// Who made it.
    pub owner: UserId,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The stored kind: `group`, `dm`, or something that means a standard channel.
    pub stored_kind: Option<String>,
    /// Whether it is hidden from those who are not in it.
    pub is_private: Option<bool>,
    /// Free data.
    pub data: Option<Value>,
    /// Free data.
    pub meta: Option<Value>,
    /// Who else may read or write.
    pub access_control: Option<Value>,
    /// Created (nanoseconds).
    pub created_at: Timestamp,
    /// Last changed (nanoseconds).
    pub updated_at: Timestamp,
    /// Who changed it last.
    pub updated_by: Option<String>,
    /// When it was archived.
    pub archived_at: Option<Timestamp>,
    /// Who archived it.
    pub archived_by: Option<String>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Who deleted it.
    pub deleted_by: Option<String>,
}

impl Shareable for Channel {
    fn owner(&self) -> &UserId {
        &self.owner
    }

    fn rules(&self) -> AccessRules<'_> {
        AccessRules::new(self.access_control.as_ref(), Unset::Public)
    }
}

impl Channel {
    /// How it finds its people.
    pub fn kind(&self) -> ChannelKind {
        ChannelKind::from_stored(self.stored_kind.as_deref())
    }

    /// Whether a user who is in these groups may read it, if it finds its people by access control.
    pub fn open_to(&self, user: &UserId, groups: &[GroupId]) -> bool {
        !self.kind().has_members() && (self.owner == *user || self.rules().grant(Right::Read, user, groups))
    }
}

/// What waits for a user in a channel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unread {
    /// Messages of others since the user last read; 0 for those who are not listed as members.
    pub count: i64,
    /// When the last message came.
    pub last_message_at: Option<Timestamp>,
}
