use std::cmp::Ordering;

use async_trait::async_trait;
use keelson_domain::chat::{Chat, ChatLists, ChatOrder, ChatQuery, ChatSummary, Place, Tagged};
use keelson_domain::shared::StoreResult;
use keelson_domain::user::UserId;
use serde_json::Value;

use super::MemoryConversations;

/// Whether a lower-case text stands in a message of the tree or of the older flat list.
fn is_said(chat: &Chat, text: &str) -> bool {
    let history = chat
        .body
        .get("history")
        .and_then(|history| history.get("messages"));
    let tree = history
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|tree| tree.values());
    let flat = chat
        .body
        .get("messages")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    tree.chain(flat).any(|message| match &message["content"] {
        Value::Null => false,
        Value::String(content) => content.to_lowercase().contains(text),
        other => other.to_string().to_lowercase().contains(text),
    })
}

fn finds(query: &ChatQuery, chat: &Chat) -> bool {
    let is = |wanted: Option<bool>, fact: bool| wanted.is_none_or(|wanted| wanted == fact);
    let place = match &query.place {
        Place::Anywhere => true,
        Place::Outside => chat.folder.is_none(),
        Place::Folders(folders) => chat
            .folder
            .as_ref()
            .is_some_and(|folder| folders.contains(folder)),
    };
    let tags = chat.tag_ids();
    let tagged = match &query.tagged {
        Tagged::Whatever => true,
        Tagged::Untagged => tags.is_empty(),
        Tagged::With(wanted) => wanted.iter().all(|tag| tags.contains(tag)),
    };
    let in_title = |text: &String| chat.title.to_lowercase().contains(&text.to_lowercase());
    is(query.archived, chat.archived)
        && is(query.pinned, chat.pinned)
        && is(query.shared, chat.share_id.is_some())
        && place
        && tagged
        && query.title.as_ref().is_none_or(in_title)
        && query
            .text
            .as_ref()
            .is_none_or(|text| in_title(text) || is_said(chat, &text.to_lowercase()))
}

fn in_order(query: &ChatQuery, a: &Chat, b: &Chat) -> Ordering {
    let upwards = match query.order {
        ChatOrder::UpdatedAt => a.updated_at.cmp(&b.updated_at),
        ChatOrder::CreatedAt => a.created_at.cmp(&b.created_at),
        ChatOrder::Title => a.title.cmp(&b.title),
    };
    let order = if query.ascending {
        upwards
    } else {
        upwards.reverse()
    };
    order.then_with(|| a.id.cmp(&b.id))
}

#[async_trait]
impl ChatLists for MemoryConversations {
    async fn list(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<Vec<ChatSummary>> {
        let state = self.state();
        let own = state.chats.iter().filter(|chat| chat.owner == *owner);
        let mut found: Vec<&Chat> = own.filter(|chat| finds(query, chat)).collect();
        found.sort_by(|a, b| in_order(query, a, b));
        let limit = query
            .limit
            .map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(0));
        let page = found
            .into_iter()
            .skip(usize::try_from(query.skip).unwrap_or(0))
            .take(limit);
        Ok(page
            .map(|chat| ChatSummary {
                id: chat.id.clone(),
                title: chat.title.clone(),
                created_at: chat.created_at,
                updated_at: chat.updated_at,
            })
            .collect())
    }

    async fn count(&self, owner: &UserId, query: &ChatQuery) -> StoreResult<u64> {
        let state = self.state();
        let own = state.chats.iter().filter(|chat| chat.owner == *owner);
        let count = own.filter(|chat| finds(query, chat)).count();
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }
}
