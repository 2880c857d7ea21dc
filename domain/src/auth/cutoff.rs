use async_trait::async_trait;

use super::Claims;
use crate::shared::{StoreResult, Timestamp};
use crate::user::UserId;

/// Which tokens of an account count since its password was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCutoff {
    /// Tokens that were issued from here on count, whole seconds.
    pub since: Timestamp,
    /// The token with which the change was made counts, too.
    pub kept: Option<String>,
}

impl TokenCutoff {
    /// Whether a token counts. One that does not say when it was issued is older than the change: it is of the reference, or
    /// of an older version.
    pub fn admits(&self, claims: &Claims) -> bool {
        let is_kept = self.kept.is_some() && self.kept == claims.token_id;
        is_kept || claims.issued_at.is_some_and(|at| at >= self.since)
    }
}

/// Keeps what ended the sign-ins of accounts.
#[async_trait]
pub trait TokenCutoffs: Send + Sync {
    /// The account's cutoff; none when all its tokens count.
    async fn find(&self, user: &UserId) -> StoreResult<Option<TokenCutoff>>;
    /// Replaces the account's cutoff.
    async fn set(&self, user: &UserId, cutoff: &TokenCutoff) -> StoreResult<()>;
}

/// Keeps revoked tokens over a restart, for an instance that has nothing else to keep them in.
#[async_trait]
pub trait RevocationLog: Send + Sync {
    /// Adds a token by its id until `until`; for good when none. Fine when it is there.
    async fn add(&self, token_id: &str, until: Option<Timestamp>) -> StoreResult<()>;
    /// The tokens whose time is not over at `now`, in no order; the others are removed.
    async fn load(&self, now: Timestamp) -> StoreResult<Vec<(String, Option<Timestamp>)>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(token_id: Option<&str>, issued_at: Option<i64>) -> Claims {
        Claims {
            user: "ann".into(),
            token_id: token_id.map(str::to_owned),
            issued_at: issued_at.map(Timestamp::from_seconds),
            expires_at: None,
        }
    }

    #[test]
    fn tokens_count_from_the_change_on_and_the_one_that_made_it() {
        let cutoff = |kept: Option<&str>| TokenCutoff {
            since: Timestamp::from_seconds(100),
            kept: kept.map(str::to_owned),
        };
        for (kept, id, issued, admitted) in [
            (None, Some("a"), Some(99), false),
            (None, Some("a"), Some(100), true),
            (None, Some("a"), Some(200), true),
            (None, Some("a"), None, false),
            (None, None, None, false),
            (Some("a"), Some("a"), Some(99), true),
            (Some("a"), Some("a"), None, true),
            (Some("a"), Some("b"), Some(99), false),
            (Some("a"), None, None, false),
        ] {
            assert_eq!(
                cutoff(kept).admits(&claims(id, issued)),
                admitted,
                "{kept:?} {id:?} {issued:?}"
            );
        }
    }
}
