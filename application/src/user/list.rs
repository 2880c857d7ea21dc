use keelson_domain::auth::Caller;
use keelson_domain::group::Group;
use keelson_domain::user::{User, UserId, UserQuery};

use super::{UserError, Users};

/// Users on one page of the admin's list (the reference's number).
const PAGE: i64 = 30;

impl Users {
    /// A page (from 1; 0 and less count as 1) of the users that a question finds, and how many it finds in all.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn page(&self, page: i64, mut query: UserQuery) -> Result<(Vec<User>, i64), UserError> {
        query.skip = (page.max(1) - 1).saturating_mul(PAGE);
        query.limit = Some(PAGE);
        Ok(self.users.list(&query).await?)
    }

    /// All users, the newest first, and how many there are.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn all(&self) -> Result<(Vec<User>, i64), UserError> {
        let question = UserQuery {
            descending: true,
            ..UserQuery::default()
        };
        Ok(self.users.list(&question).await?)
    }

    /// One account.
    ///
    /// # Errors
    /// [`UserError::NotFound`].
    pub async fn get(&self, id: &UserId) -> Result<User, UserError> {
        self.users.find(id).await?.ok_or(UserError::NotFound)
    }

    /// Whether a caller may see what is private of an account: its settings, facts and linked providers.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sees_private(&self, caller: &Caller, id: &UserId) -> Result<bool, UserError> {
        Ok(self.access.of(caller).await?.manages(id))
    }

    /// The groups of an account.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn groups(&self, id: &UserId) -> Result<Vec<Group>, UserError> {
        Ok(self.groups.of_user(id).await?)
    }

    /// Whether someone was there in the last three minutes (the reference's span) or has a page open.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn is_active(&self, id: &UserId) -> Result<bool, UserError> {
        let Some(user) = self.users.find(id).await? else {
            return Ok(false);
        };
        let recent = self.clock.now().seconds() - user.last_active_at.seconds() <= 180;
        Ok(recent || self.presence.is_online(id).await?)
    }

    /// The caller's account as stored now.
    ///
    /// # Errors
    /// [`UserError::NotFound`].
    pub async fn me(&self, caller: &Caller) -> Result<User, UserError> {
        self.get(caller.id()).await
    }
}
