use async_trait::async_trait;
use diesel::dsl::count_star;
use diesel::prelude::*;
use keelson_domain::chat::{
    ChatHead, ChatId, ChatLists as ChatListsPort, ChatOrder, ChatQuery, ChatSummary, Place, Tagged,
};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::chat;

use super::row::{HeadRow, SummaryRow};
use super::{Backend, Database, RunQueryDsl, dialect};

/// Lists of the table `chat`; the column with the messages is not read.
pub(super) struct ChatLists(Database);

impl ChatLists {
    /// Over this database.
    pub(super) fn new(database: Database) -> Self {
        Self(database)
    }
}

/// Narrows a query of the owner's chats to what a query selects.
fn narrow<'a, T>(
    mut rows: chat::BoxedQuery<'a, Backend, T>,
    query: &'a ChatQuery,
) -> chat::BoxedQuery<'a, Backend, T> {
    if let Some(archived) = query.archived {
        rows = rows.filter(chat::archived.eq(archived));
    }
    match query.pinned {
        Some(true) => rows = rows.filter(chat::pinned.eq(true)),
        Some(false) => rows = rows.filter(chat::pinned.is_null().or(chat::pinned.eq(false))),
        None => {}
    }
    match query.shared {
        Some(true) => rows = rows.filter(chat::share_id.is_not_null()),
        Some(false) => rows = rows.filter(chat::share_id.is_null()),
        None => {}
    }
    match &query.place {
        Place::Anywhere => {}
        Place::Unfiled => rows = rows.filter(chat::folder_id.is_null()),
        Place::Folders(folders) => {
            let ids: Vec<&str> = folders.iter().map(|folder| folder.as_str()).collect();
            rows = rows.filter(chat::folder_id.eq_any(ids));
        }
    }
    match &query.tagged {
        Tagged::Any => {}
        Tagged::Untagged => rows = rows.filter(dialect::json_array_is_empty("chat.meta", "tags")),
        Tagged::With(tags) => {
            for tag in tags {
                rows = rows.filter(dialect::json_array_contains("chat.meta", "tags", tag));
            }
        }
    }
    if let Some(title) = &query.title {
        rows = rows.filter(dialect::contains_ignoring_case("chat.title", title));
    }
    if let Some(text) = &query.text {
        let in_title = dialect::contains_ignoring_case("chat.title", text);
        rows = rows.filter(in_title.or(dialect::messages_contain(text)));
    }
    rows
}

/// Puts a list into the order that a query asks for.
fn sort<'a, T>(
    rows: chat::BoxedQuery<'a, Backend, T>,
    query: &ChatQuery,
) -> chat::BoxedQuery<'a, Backend, T> {
    match (query.order, query.ascending) {
        (ChatOrder::UpdatedAt, false) => rows.order(chat::updated_at.desc()),
        (ChatOrder::UpdatedAt, true) => rows.order(chat::updated_at.asc()),
        (ChatOrder::CreatedAt, false) => rows.order(chat::created_at.desc()),
        (ChatOrder::CreatedAt, true) => rows.order(chat::created_at.asc()),
        (ChatOrder::Title, false) => rows.order(chat::title.desc()),
        (ChatOrder::Title, true) => rows.order(chat::title.asc()),
    }
    .then_order_by(chat::id.asc())
}

#[async_trait]
impl ChatListsPort for ChatLists {
    async fn list(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<Vec<ChatSummary>> {
        let mut connection = self.0.read().await?;
        let own = chat::table
            .filter(chat::user_id.eq(owner.as_str()))
            .select(SummaryRow::as_select())
            .into_boxed();
        let rows: Vec<SummaryRow> = sort(narrow(own, query), query)
            .offset(query.skip)
            .limit(query.limit.unwrap_or(i64::MAX))
            .load(&mut connection)
            .await
            .map_err(failed("chat"))?;
        Ok(rows.into_iter().map(ChatSummary::from).collect())
    }

    async fn count(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<u64> {
        let mut connection = self.0.read().await?;
        let own = chat::table
            .filter(chat::user_id.eq(owner.as_str()))
            .select(count_star())
            .into_boxed();
        let count: i64 = narrow(own, query)
            .get_result(&mut connection)
            .await
            .map_err(failed("chat"))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    async fn head(&self, id: &ChatId) -> StoreResult<Option<ChatHead>> {
        let mut connection = self.0.read().await?;
        let row: Option<HeadRow> = chat::table
            .filter(dialect::is_chat(id))
            .select(HeadRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))?;
        Ok(row.map(HeadRow::into_domain))
    }

    async fn head_of(&self, owner: &UserId, id: &ChatId) -> StoreResult<Option<ChatHead>> {
        let mut connection = self.0.read().await?;
        let row: Option<HeadRow> = chat::table
            .filter(dialect::is_chat(id))
            .filter(chat::user_id.eq(owner.as_str()))
            .select(HeadRow::as_select())
            .first(&mut connection)
            .await
            .optional()
            .map_err(failed("chat"))?;
        Ok(row.map(HeadRow::into_domain))
    }
}
