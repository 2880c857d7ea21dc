use std::collections::{HashMap, HashSet};

use keelson_domain::auth::Caller;
use keelson_domain::group::{Group, GroupId};
use keelson_domain::user::{User, UserId, UserQuery};

use super::{UserError, Users};

/// Users on one page of a list (the reference's number).
const PAGE_SIZE: i64 = 30;
/// How long after their last activity users count as active, in seconds (the reference's span).
const ACTIVE_SECONDS: i64 = 180;

/// An account as a caller sees it.
#[derive(Debug, Clone)]
pub struct UserProfile {
    /// The account, without its settings, facts and linked providers where the caller may not see them.
    pub user: User,
    /// Its groups.
    pub groups: Vec<Group>,
    /// Whether the user is active.
    pub is_active: bool,
}

impl Users {
    /// A page (from 1; 0 and less count as 1) of the users that a query finds, each with the ids of its groups, and how
    /// many it finds in all.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn page(
        &self,
        caller: &Caller,
        page: i64,
        query: UserQuery,
    ) -> Result<(Vec<(User, Vec<GroupId>)>, i64), UserError> {
        self.access.of(caller).await?.require_administrator()?;
        let (users, total) = self.load_page(page, query).await?;
        let mut groups = self.groups.of_users(&ids_of(&users)).await?;
        let with_groups = |user: User| {
            let groups = groups.remove(&user.id).unwrap_or_default();
            (user, groups)
        };
        Ok((users.into_iter().map(with_groups).collect(), total))
    }

    /// A page (from 1; 0 and less count as 1) of the users that a query finds, each with whether it is active, and how
    /// many it finds in all.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn search(
        &self,
        caller: &Caller,
        page: i64,
        query: UserQuery,
    ) -> Result<(Vec<(User, bool)>, i64), UserError> {
        self.access.of(caller).await?.require_verified()?;
        let (users, total) = self.load_page(page, query).await?;
        let active = self.active_among(&users).await?;
        let with_activity = |user: User| {
            let is_active = active.contains(&user.id);
            (user, is_active)
        };
        Ok((users.into_iter().map(with_activity).collect(), total))
    }

    /// All users, the newest first, and how many there are.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn all(&self, caller: &Caller) -> Result<(Vec<User>, i64), UserError> {
        self.access.of(caller).await?.require_administrator()?;
        let query = UserQuery {
            descending: true,
            ..UserQuery::default()
        };
        Ok(self.users.list(&query).await?)
    }

    /// One account.
    ///
    /// # Errors
    /// [`UserError::Denied`], [`UserError::NotFound`].
    pub async fn get(&self, caller: &Caller, id: &UserId) -> Result<User, UserError> {
        self.access.of(caller).await?.require_verified()?;
        self.find(id).await
    }

    /// One account as the caller sees it: what is private of it is seen by its owner and administrators alone.
    ///
    /// # Errors
    /// [`UserError::Denied`], [`UserError::NotFound`].
    pub async fn profile(&self, caller: &Caller, id: &UserId) -> Result<UserProfile, UserError> {
        let access = self.access.of(caller).await?;
        access.require_verified()?;
        let mut user = self.find(id).await?;
        if !access.manages(id) {
            user.settings = None;
            user.info = None;
            user.oauth = None;
        }
        let active = self.active_among(std::slice::from_ref(&user)).await?;
        Ok(UserProfile {
            is_active: active.contains(id),
            groups: self.groups.of_user(id).await?,
            user,
        })
    }

    /// The groups of an account, for its owner and administrators.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn groups(&self, caller: &Caller, id: &UserId) -> Result<Vec<Group>, UserError> {
        self.access.of(caller).await?.require_manages(id)?;
        Ok(self.groups.of_user(id).await?)
    }

    /// Whether a user was active in the last three minutes or is connected; an unknown one is not.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn is_active(&self, caller: &Caller, id: &UserId) -> Result<bool, UserError> {
        let active = self.active(caller, std::slice::from_ref(id)).await?;
        Ok(active.contains(id))
    }

    /// The accounts with these ids, each with whether it is active; those that are gone are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) async fn with_activity(
        &self,
        ids: &[UserId],
    ) -> Result<HashMap<UserId, (User, bool)>, UserError> {
        let users = self.users.find_many(ids).await?;
        let active = self.active_among(&users).await?;
        let with_activity = |user: User| {
            let is_active = active.contains(&user.id);
            (user.id.clone(), (user, is_active))
        };
        Ok(users.into_iter().map(with_activity).collect())
    }

    /// Which of these users were active in the last three minutes or are connected.
    ///
    /// # Errors
    /// [`UserError::Denied`].
    pub async fn active(&self, caller: &Caller, ids: &[UserId]) -> Result<HashSet<UserId>, UserError> {
        self.access.of(caller).await?.require_verified()?;
        let users = self.users.find_many(ids).await?;
        self.active_among(&users).await
    }

    /// The caller's account as it is stored now.
    ///
    /// # Errors
    /// [`UserError::NotFound`].
    pub async fn current(&self, caller: &Caller) -> Result<User, UserError> {
        self.find(caller.id()).await
    }

    pub(super) async fn find(&self, id: &UserId) -> Result<User, UserError> {
        self.users.find(id).await?.ok_or(UserError::NotFound)
    }

    async fn load_page(&self, page: i64, mut query: UserQuery) -> Result<(Vec<User>, i64), UserError> {
        query.skip = (page.max(1) - 1).saturating_mul(PAGE_SIZE);
        query.limit = Some(PAGE_SIZE);
        Ok(self.users.list(&query).await?)
    }

    async fn active_among(&self, users: &[User]) -> Result<HashSet<UserId>, UserError> {
        let now = self.clock.now().seconds();
        let mut active = self.presence.are_online(&ids_of(users)).await?;
        let recent = users
            .iter()
            .filter(|user| now.saturating_sub(user.last_active_at.seconds()) <= ACTIVE_SECONDS);
        active.extend(recent.map(|user| user.id.clone()));
        Ok(active)
    }
}

fn ids_of(users: &[User]) -> Vec<UserId> {
    users.iter().map(|user| user.id.clone()).collect()
}
