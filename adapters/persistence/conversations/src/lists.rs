use async_trait::async_trait;
use diesel::dsl::{count_star, sql};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use diesel_async::RunQueryDsl;
use keelson_domain::chat::{ChatLists, ChatOrder, ChatQuery, ChatSummary, Place, Tagged};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use keelson_persistence_kit::failed;
use keelson_persistence_kit::schema::chat;

#[cfg(feature = "postgres")]
use crate::json::clean;
use crate::rows::SummaryRow;

/// Conditions on what stands inside JSON columns; each takes one text at the place of the gap.
struct Inside {
    /// Bears a tag.
    tagged: (&'static str, &'static str),
    /// Bears no tag.
    untagged: &'static str,
    /// Holds a lower-case text in the title.
    titled: (&'static str, &'static str),
    /// Holds a lower-case text in a message of the tree or of the older flat list.
    said: (&'static str, &'static str),
}

#[cfg(feature = "sqlite")]
const SQLITE: Inside = Inside {
    tagged: (
        "EXISTS (SELECT 1 FROM json_each(chat.meta, '$.tags') t WHERE t.value = ",
        ")",
    ),
    untagged: "NOT EXISTS (SELECT 1 FROM json_each(chat.meta, '$.tags'))",
    titled: ("instr(lower(chat.title), ", ") > 0"),
    said: (
        "EXISTS (SELECT 1 FROM (SELECT type, value FROM json_each(chat.chat, '$.history.messages') UNION ALL \
         SELECT type, value FROM json_each(chat.chat, '$.messages')) m WHERE instr(lower(CASE WHEN m.type = 'object' \
         THEN json_extract(m.value, '$.content') END), ",
        ") > 0)",
    ),
};

#[cfg(feature = "postgres")]
const POSTGRES: Inside = Inside {
    tagged: (
        concat!(
            "EXISTS (SELECT 1 FROM jsonb_array_elements_text(jsonb_path_query_array(",
            clean!("chat.meta"),
            ", '$.tags[*]')) t WHERE t = "
        ),
        ")",
    ),
    untagged: concat!(
        "jsonb_array_length(jsonb_path_query_array(",
        clean!("chat.meta"),
        ", '$.tags[*]')) = 0"
    ),
    titled: ("strpos(lower(chat.title), ", ") > 0"),
    said: (
        concat!(
            "EXISTS (SELECT 1 FROM (SELECT ",
            clean!("chat.chat"),
            " AS whole) w, LATERAL (SELECT jsonb_path_query(whole, '$.history.messages.*.content') AS text UNION ALL \
             SELECT jsonb_path_query(whole, '$.messages[*].content')) m WHERE strpos(lower(m.text #>> '{}'), "
        ),
        ") > 0)",
    ),
};

/// Narrows a boxed query of the owner's chats to what a question finds.
macro_rules! narrowed {
    ($rows:expr, $query:ident, $inside:ident) => {{
        let mut rows = $rows;
        if let Some(archived) = $query.archived {
            rows = rows.filter(chat::archived.eq(archived));
        }
        match $query.pinned {
            Some(true) => rows = rows.filter(chat::pinned.eq(true)),
            Some(false) => rows = rows.filter(chat::pinned.is_null().or(chat::pinned.eq(false))),
            None => {}
        }
        match $query.shared {
            Some(true) => rows = rows.filter(chat::share_id.is_not_null()),
            Some(false) => rows = rows.filter(chat::share_id.is_null()),
            None => {}
        }
        match &$query.place {
            Place::Anywhere => {}
            Place::Outside => rows = rows.filter(chat::folder_id.is_null()),
            Place::Folders(folders) => {
                let ids: Vec<String> = folders.iter().map(ToString::to_string).collect();
                rows = rows.filter(chat::folder_id.eq_any(ids));
            }
        }
        match &$query.tagged {
            Tagged::Whatever => {}
            Tagged::Untagged => rows = rows.filter(sql::<Bool>($inside.untagged)),
            Tagged::With(tags) => {
                for tag in tags {
                    let (before, after) = $inside.tagged;
                    rows = rows.filter(sql::<Bool>(before).bind::<Text, _>(tag.clone()).sql(after));
                }
            }
        }
        if let Some(title) = &$query.title {
            let (before, after) = $inside.titled;
            let title = title.to_lowercase();
            rows = rows.filter(sql::<Bool>(before).bind::<Text, _>(title).sql(after));
        }
        if let Some(text) = &$query.text {
            let ((title, title_end), (said, said_end)) = ($inside.titled, $inside.said);
            let either = sql::<Bool>("(")
                .sql(title)
                .bind::<Text, _>(text.to_lowercase())
                .sql(title_end)
                .sql(" OR ")
                .sql(said)
                .bind::<Text, _>(text.to_lowercase())
                .sql(said_end)
                .sql(")");
            rows = rows.filter(either);
        }
        rows
    }};
}

macro_rules! list_rows {
    ($name:ident, $db:ty, $inside:ident) => {
        /// Lists of the table `chat`; the column with what was said is not read.
        pub struct $name(pub $db);

        #[async_trait]
        impl ChatLists for $name {
            async fn list(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<Vec<ChatSummary>> {
                let mut connection = self.0.read().await?;
                let own = chat::table
                    .filter(chat::user_id.eq(owner.as_str()))
                    .select(SummaryRow::as_select())
                    .into_boxed();
                let mut rows = narrowed!(own, query, $inside);
                rows = match (query.order, query.ascending) {
                    (ChatOrder::UpdatedAt, false) => rows.order(chat::updated_at.desc()),
                    (ChatOrder::UpdatedAt, true) => rows.order(chat::updated_at.asc()),
                    (ChatOrder::CreatedAt, false) => rows.order(chat::created_at.desc()),
                    (ChatOrder::CreatedAt, true) => rows.order(chat::created_at.asc()),
                    (ChatOrder::Title, false) => rows.order(chat::title.desc()),
                    (ChatOrder::Title, true) => rows.order(chat::title.asc()),
                };
                rows = rows.then_order_by(chat::id.asc()).offset(query.skip);
                rows = rows.limit(query.limit.unwrap_or(i64::MAX));
                let rows: Vec<SummaryRow> = rows.load(&mut connection).await.map_err(failed("chat"))?;
                Ok(rows.into_iter().map(ChatSummary::from).collect())
            }

            async fn count(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<u64> {
                let mut connection = self.0.read().await?;
                let own = chat::table
                    .filter(chat::user_id.eq(owner.as_str()))
                    .select(count_star())
                    .into_boxed();
                let count: i64 = narrowed!(own, query, $inside)
                    .get_result(&mut connection)
                    .await
                    .map_err(failed("chat"))?;
                Ok(u64::try_from(count).unwrap_or_default())
            }
        }
    };
}

#[cfg(feature = "sqlite")]
list_rows!(SqliteChatLists, keelson_persistence_kit::SqliteDb, SQLITE);
#[cfg(feature = "postgres")]
list_rows!(PgChatLists, keelson_persistence_kit::PgDb, POSTGRES);
