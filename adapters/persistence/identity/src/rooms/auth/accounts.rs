use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::auth::{Accounts as AccountsPort, Created, Credential, NewAccount};
use keelson_domain::chat::{Chat, ChatId};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::{Role, UserId};
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::{
    api_key, auth, channel_member, chat, folder, group_member, memory, oauth_session, tag, user,
};
use secrecy::{ExposeSecret, SecretString};

use super::super::user::UserRow;
use super::{Database, RunQueryDsl, dialect};

/// Accounts as a whole: `user` and `auth`.
pub(crate) struct Accounts(Database);

impl Accounts {
    /// Over this database.
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl AccountsPort for Accounts {
    async fn create(&self, account: &NewAccount) -> StoreResult<Created> {
        let mut row = UserRow::from_domain(&account.user)?;
        self.0
            .transaction("user", async |connection| {
                dialect::lock_table(connection, "user").await?;
                let others: i64 = user::table.count().get_result(connection).await?;
                if others > 0 && account.only_if_first {
                    return Ok(Created::NotFirst);
                }
                let taken: i64 = user::table
                    .filter(dialect::equals_ignoring_case(
                        "\"user\".email",
                        &account.user.email,
                    ))
                    .count()
                    .get_result(connection)
                    .await?;
                if taken > 0 {
                    return Ok(Created::EmailTaken);
                }
                if others == 0 {
                    row.set_role(Role::Admin);
                }
                diesel::insert_into(user::table)
                    .values(&row)
                    .execute(connection)
                    .await?;
                diesel::insert_into(auth::table)
                    .values((
                        auth::id.eq(account.user.id.as_str()),
                        auth::email.eq(&account.user.email),
                        auth::password.eq(account.password_hash.expose_secret()),
                        auth::active.eq(true),
                    ))
                    .execute(connection)
                    .await?;
                Ok(if others == 0 {
                    Created::First
                } else {
                    Created::Next(account.user.role)
                })
            })
            .await
    }

    async fn credential(&self, email: &str) -> StoreResult<Option<Credential>> {
        let mut connection = self.0.read().await?;
        let mut row: Option<(String, String, bool)> = auth::table
            .filter(auth::email.eq(email))
            .select((auth::id, auth::password, auth::active))
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("auth"))?;
        if row.is_none() {
            // Of accounts that differ in nothing but capitals the elder signs in, the one that its address finds.
            row = auth::table
                .inner_join(user::table.on(user::id.eq(auth::id)))
                .filter(dialect::equals_ignoring_case("auth.email", email))
                .order((user::created_at.asc(), user::id.asc()))
                .select((auth::id, auth::password, auth::active))
                .first(&mut connection)
                .await
                .optional()
                .map_err(failed("auth"))?;
        }
        Ok(row.map(|(id, hash, active)| Credential {
            user: UserId::new(id),
            password_hash: SecretString::from(hash),
            active,
        }))
    }

    async fn set_password(&self, id: &UserId, hash: &SecretString) -> StoreResult<bool> {
        let mut connection = self.0.write().await?;
        let changed = diesel::update(auth::table.filter(auth::id.eq(id.as_str())))
            .set(auth::password.eq(hash.expose_secret()))
            .execute(&mut connection)
            .await
            .map_err(failed("auth"))?;
        Ok(changed > 0)
    }

    async fn set_email(&self, id: &UserId, email: &str) -> StoreResult<bool> {
        self.0
            .transaction("user", async |connection| {
                dialect::lock_table(connection, "user").await?;
                let taken: i64 = user::table
                    .filter(dialect::equals_ignoring_case("\"user\".email", email))
                    .filter(user::id.ne(id.as_str()))
                    .count()
                    .get_result(connection)
                    .await?;
                if taken > 0 {
                    return Ok(false);
                }
                diesel::update(user::table.find(id.as_str()))
                    .set(user::email.eq(email))
                    .execute(connection)
                    .await?;
                diesel::update(auth::table.filter(auth::id.eq(id.as_str())))
                    .set(auth::email.eq(email))
                    .execute(connection)
                    .await?;
                Ok(true)
            })
            .await
    }

    async fn delete(&self, id: &UserId) -> StoreResult<bool> {
        let id = id.as_str();
        self.0
            .transaction("user", async |connection| {
                diesel::delete(group_member::table.filter(group_member::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                diesel::delete(channel_member::table.filter(channel_member::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                // Shared copies belong to no account, but to the chat: `share_id` names them.
                let copies: Vec<String> = chat::table
                    .filter(chat::user_id.eq(id).and(chat::share_id.is_not_null()))
                    .select(chat::id)
                    .load(connection)
                    .await?;
                let copies = copies
                    .into_iter()
                    .map(|chat| Chat::share_owner(&ChatId::new(chat)).into_string());
                diesel::delete(chat::table.filter(chat::user_id.eq_any(copies)))
                    .execute(connection)
                    .await?;
                diesel::delete(chat::table.filter(chat::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                diesel::delete(folder::table.filter(folder::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                diesel::delete(tag::table.filter(tag::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                diesel::delete(memory::table.filter(memory::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                diesel::delete(api_key::table.filter(api_key::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                diesel::delete(oauth_session::table.filter(oauth_session::user_id.eq(id)))
                    .execute(connection)
                    .await?;
                diesel::delete(auth::table.filter(auth::id.eq(id)))
                    .execute(connection)
                    .await?;
                let deleted = diesel::delete(user::table.find(id)).execute(connection).await?;
                Ok(deleted > 0)
            })
            .await
    }
}
