use async_trait::async_trait;
use diesel::prelude::*;
use diesel_async::{AsyncConnection, RunQueryDsl};
use keelson_domain::chat::{Chat, ChatId, ChatShares};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::chat;

use crate::lock;
use crate::rows::ChatRow;

macro_rules! share_rows {
    ($name:ident, $db:ty, $transaction:ident) => {
        /// Shared copies in the table `chat`.
        pub struct $name(pub $db);

        #[async_trait]
        impl ChatShares for $name {
            async fn share(&self, owner: &UserId, id: &ChatId, fresh: &ChatId) -> StoreResult<Option<Chat>> {
                let mut connection = self.0.write().await?;
                let copy: Option<ChatRow> = connection
                    .$transaction(async |connection| {
                        lock::$transaction(connection, id.as_str()).await?;
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
                        let copy = ChatRow {
                            id: share.clone(),
                            user_id: Chat::share_owner(id).into_string(),
                            share_id: None,
                            archived: false,
                            folder_id: None,
                            ..row
                        };
                        diesel::insert_into(chat::table)
                            .values(copy.clone())
                            .execute(connection)
                            .await?;
                        diesel::update(own)
                            .set(chat::share_id.eq(&share))
                            .execute(connection)
                            .await?;
                        Ok(Some(copy))
                    })
                    .await
                    .map_err(failed("chat"))?;
                Ok(copy.map(Chat::from))
            }

            async fn unshare(&self, owner: &UserId, id: &ChatId) -> StoreResult<bool> {
                let mut connection = self.0.write().await?;
                connection
                    .$transaction(async |connection| {
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
                    .map_err(failed("chat"))
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
                Ok(row.map(Chat::from))
            }
        }
    };
}

lock::transactional!(share_rows, SqliteChatShares, PgChatShares);
