use std::collections::HashMap;

use keelson_domain::auth::Caller;
use keelson_domain::group::Group;
use keelson_domain::user::{User, UserId, UserQuery};

use super::{UserError, Users};

/// Users on one page of the admin's list (the reference's number).
const PAGE: i64 = 30;

/// How long after its last sign of life an account counts as active, in seconds (the reference's number).
const ACTIVE_SECONDS: i64 = 180;

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
        match self.users.find(id).await? {
            Some(user) => self.is_present(&user).await,
            None => Ok(false),
        }
    }

    /// The accounts with these ids, each with whether it is active; those that are gone are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn with_activity(
        &self,
        ids: &[UserId],
    ) -> Result<HashMap<UserId, (User, bool)>, UserError> {
        let mut found = HashMap::new();
        for user in self.users.find_many(ids).await? {
            let is_active = self.is_present(&user).await?;
            found.insert(user.id.clone(), (user, is_active));
        }
        Ok(found)
    }

    async fn is_present(&self, user: &User) -> Result<bool, UserError> {
        let recent = self.clock.now().seconds() - user.last_active_at.seconds() <= ACTIVE_SECONDS;
        Ok(recent || self.presence.is_online(&user.id).await?)
    }

    /// The caller's account as stored now.
    ///
    /// # Errors
    /// [`UserError::NotFound`].
    pub async fn me(&self, caller: &Caller) -> Result<User, UserError> {
        self.get(caller.id()).await
    }
}
