use super::Right;
use crate::group::GroupId;
use crate::user::UserId;

/// The part of a table of shared objects that a list may show. Repositories turn it into SQL over the columns of the
/// owner and the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every row.
    All,
    /// The rows that somebody owns or was let in to.
    Granted(Grant),
}

/// Whose right on which rows; see [`Scope::Granted`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who asks; rows that they own count.
    pub user: UserId,
    /// Their groups.
    pub groups: Vec<GroupId>,
    /// The right that the rules must give.
    pub right: Right,
    /// Whether rows without rules count.
    pub includes_unset: bool,
}

impl Scope {
    /// The same scope, widened by the rows without rules.
    #[must_use]
    pub fn with_unset(self) -> Self {
        match self {
            Self::All => Self::All,
            Self::Granted(grant) => Self::Granted(Grant {
                includes_unset: true,
                ..grant
            }),
        }
    }
}

/// The part of a table of objects that are their owners' alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnerScope {
    /// Every row.
    Everyone,
    /// One owner's rows.
    Of(UserId),
}
