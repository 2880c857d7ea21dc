use async_trait::async_trait;
use diesel::prelude::*;
use keelson_domain::chat::{Chat, ChatId, ChatShares as ChatSharesPort};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::chat;

use super::row::ChatRow;
use super::{Connection, Database, RunQueryDsl, dialect};

/// Copies that one statement deletes; a statement of SQLite takes 32,766 parameters at most.
const COPIES_AT_ONCE: usize = 1_000;

/// Deletes the shared copies of the chats with these ids.
pub(crate) async fn delete_copies(connection: &mut Connection, chats: Vec<String>) -> QueryResult<()> {
    let owners: Vec<String> = chats
        .into_iter()
        .map(|id| Chat::share_owner(&ChatId::new(id)).into_string())
        .collect();
    for owners in owners.chunks(COPIES_AT_ONCE) {
        diesel::delete(chat::table.filter(chat::user_id.eq_any(owners)))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Shared copies in the table `chat`.
pub(super) struct ChatShares(Database);

impl ChatShares {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

#[async_trait]
impl ChatSharesPort for ChatShares {
    async fn share(&self, owner: &UserId, id: &ChatId, fresh: &ChatId) -> StoreResult<Option<Chat>> {
        self.0
            .transaction("chat", async |connection| {
                dialect::lock_row(connection, "chat", id.as_str()).await?;
                let own = chat::table
                    .find(id.as_str())
                    .filter(chat::user_id.eq(owner.as_str()));
                let Some(row): Option<ChatRow> = own
                    .select(ChatRow::as_select())
                    .first(connection)
                    .await
                    .optional()?
                else {
                    return Ok(None);
                };
                let share = row.share_id.clone().unwrap_or_else(|| fresh.to_string());
                diesel::delete(chat::table.find(&share))
                    .execute(connection)
                    .await?;
                let copy = Chat {
                    id: ChatId::new(share.clone()),
                    owner: Chat::share_owner(id),
                    share_id: None,
                    archived: false,
                    folder: None,
                    ..row.into_domain()
                };
                diesel::insert_into(chat::table)
                    .values(ChatRow::from(&copy))
                    .execute(connection)
                    .await?;
                diesel::update(own)
                    .set(chat::share_id.eq(&share))
                    .execute(connection)
                    .await?;
                Ok(Some(copy))
            })
            .await
    }

    async fn unshare(&self, owner: &UserId, id: &ChatId) -> StoreResult<bool> {
        self.0
            .transaction("chat", async |connection| {
                let own = chat::table
                    .find(id.as_str())
                    .filter(chat::user_id.eq(owner.as_str()))
                    .filter(chat::share_id.is_not_null());
                let shared = diesel::update(own)
                    .set(chat::share_id.eq(None::<String>))
                    .execute(connection)
                    .await?;
                if shared > 0 {
                    let copies = Chat::share_owner(id);
                    diesel::delete(chat::table.filter(chat::user_id.eq(copies.as_str())))
                        .execute(connection)
                        .await?;
                }
                Ok(shared > 0)
            })
            .await
    }

    async fn shared(&self, share: &ChatId) -> StoreResult<Option<Chat>> {
        let mut connection = self.0.read().await?;
        let row: Option<ChatRow> = chat::table
            .find(share.as_str())
            .filter(chat::user_id.like("shared-%"))
            .select(ChatRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))?;
        Ok(row.map(ChatRow::into_domain))
    }
}
