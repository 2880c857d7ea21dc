use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::shared::{StoreError, StoreResult, Timestamp};
use keelson_domain::user::{User, UserActivity, UserChange, UserId, UserOrder, UserQuery, UserRepository};
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::user;

use super::row::{UserChangeRow, UserRow};
use super::{Database, RunQueryDsl, dialect};

/// Accounts in the table `user`.
pub(super) struct Users(Database);

impl Users {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

impl Users {
    async fn one(&self, found: Result<Option<UserRow>, diesel::result::Error>) -> StoreResult<Option<User>> {
        Ok(found.map_err(failed("user"))?.map(UserRow::into_domain))
    }
}

#[async_trait]
impl UserRepository for Users {
    async fn find(&self, id: &UserId) -> StoreResult<Option<User>> {
        let mut connection = self.0.read().await?;
        let row = user::table.find(id.as_str()).select(UserRow::as_select());
        self.one(row.first(&mut connection).await.optional()).await
    }

    async fn find_many(&self, ids: &[UserId]) -> StoreResult<Vec<User>> {
        let mut connection = self.0.read().await?;
        let rows: Vec<UserRow> = user::table
            .filter(user::id.eq_any(ids.iter().map(UserId::as_str)))
            .select(UserRow::as_select())
            .load(&mut connection)
            .await
            .map_err(failed("user"))?;
        Ok(rows.into_iter().map(UserRow::into_domain).collect())
    }

    async fn find_by_email(&self, email: &str) -> StoreResult<Option<User>> {
        let mut connection = self.0.read().await?;
        let exact = user::table.filter(user::email.eq(email));
        let found = exact
            .select(UserRow::as_select())
            .first(&mut connection)
            .await
            .optional();
        if !matches!(found, Ok(None)) {
            return self.one(found).await;
        }
        // Old accounts may have capitals in their addresses. Two that differ in nothing else: the elder.
        let alike = user::table
            .filter(dialect::equals_ignoring_case("\"user\".email", email))
            .order((user::created_at.asc(), user::id.asc()))
            .select(UserRow::as_select());
        self.one(alike.first(&mut connection).await.optional()).await
    }

    async fn first(&self) -> StoreResult<Option<User>> {
        let mut connection = self.0.read().await?;
        let row = user::table
            .order(user::created_at.asc())
            .select(UserRow::as_select());
        self.one(row.first(&mut connection).await.optional()).await
    }

    async fn count(&self) -> StoreResult<i64> {
        let mut connection = self.0.read().await?;
        user::table
            .count()
            .get_result(&mut connection)
            .await
            .map_err(failed("user"))
    }

    async fn list(&self, query: &UserQuery) -> StoreResult<(Vec<User>, i64)> {
        let mut connection = self.0.read().await?;
        let mut rows = user::table.select(UserRow::as_select()).into_boxed();
        let mut all = user::table.count().into_boxed();
        if let Some(text) = &query.text {
            let in_name = dialect::contains_ignoring_case("\"user\".name", text);
            let found = in_name.or(dialect::contains_ignoring_case("\"user\".email", text));
            rows = rows.filter(found.clone());
            all = all.filter(found);
        }
        rows = match (query.order, query.descending) {
            (UserOrder::Name, false) => rows.order(user::name.asc()),
            (UserOrder::Name, true) => rows.order(user::name.desc()),
            (UserOrder::Email, false) => rows.order(user::email.asc()),
            (UserOrder::Email, true) => rows.order(user::email.desc()),
            (UserOrder::CreatedAt, false) => rows.order(user::created_at.asc()),
            (UserOrder::CreatedAt, true) => rows.order(user::created_at.desc()),
            (UserOrder::LastActiveAt, false) => rows.order(user::last_active_at.asc()),
            (UserOrder::LastActiveAt, true) => rows.order(user::last_active_at.desc()),
            (UserOrder::UpdatedAt, false) => rows.order(user::updated_at.asc()),
            (UserOrder::UpdatedAt, true) => rows.order(user::updated_at.desc()),
            // The roles' names happen to sort otherwise: admin, pending, user.
            (UserOrder::Role, false) => rows.order(user::role.asc()),
            (UserOrder::Role, true) => rows.order(user::role.desc()),
        };
        rows = rows.then_order_by(user::id.asc()).offset(query.skip);
        if let Some(limit) = query.limit {
            rows = rows.limit(limit);
        } else if query.skip > 0 {
            rows = rows.limit(i64::MAX);
        }
        let total = all.get_result(&mut connection).await.map_err(failed("user"))?;
        let rows: Vec<UserRow> = rows.load(&mut connection).await.map_err(failed("user"))?;
        Ok((rows.into_iter().map(UserRow::into_domain).collect(), total))
    }

    async fn update(&self, id: &UserId, change: &UserChange, now: Timestamp) -> StoreResult<Option<User>> {
        let mut connection = self.0.write().await?;
        let row = diesel::update(user::table.find(id.as_str()))
            .set(UserChangeRow::new(change, now)?)
            .returning(UserRow::as_returning())
            .get_result(&mut connection)
            .await
            .optional();
        self.one(row).await
    }
}

#[async_trait]
impl UserActivity for Users {
    async fn touch(&self, id: &UserId, at: Timestamp) -> StoreResult<()> {
        let mut connection = self.0.write().await?;
        let known = user::table
            .find(id.as_str())
            .filter(user::last_active_at.lt(at.seconds()));
        diesel::update(known)
            .set(user::last_active_at.eq(at.seconds()))
            .execute(&mut connection)
            .await
            .map(drop)
            .map_err(failed("user"))
    }

    async fn count_since(&self, since: Timestamp) -> StoreResult<u64> {
        let mut connection = self.0.read().await?;
        let count: i64 = user::table
            .filter(user::last_active_at.ge(since.seconds()))
            .count()
            .get_result(&mut connection)
            .await
            .map_err(failed("user"))?;
        u64::try_from(count).map_err(StoreError::unavailable)
    }
}
