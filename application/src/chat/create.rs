use std::collections::HashSet;

use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatId, UNTITLED, strip_nulls_in};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::Timestamp;
use serde_json::{Map, Value, json};

use super::{ChatError, Chats};

/// A chat that comes from elsewhere.
#[derive(Debug, Clone, Default)]
pub struct ImportChat {
    /// Its content.
    pub body: Map<String, Value>,
    /// Facts about it.
    pub meta: Map<String, Value>,
    /// Whether it is pinned to the top of the list.
    pub pinned: bool,
    /// Its folder.
    pub folder: Option<FolderId>,
    /// Created, epoch seconds; now when none.
    pub created_at: Option<i64>,
    /// Last changed, epoch seconds; now when none.
    pub updated_at: Option<i64>,
}

/// The title that a body holds.
pub(super) fn title_in(body: &Map<String, Value>) -> Result<Option<String>, ChatError> {
    match body.get("title") {
        None => Ok(None),
        Some(Value::String(title)) => Ok(Some(title.clone())),
        Some(_) => Err(ChatError::TitleIsNoText),
    }
}

impl Chats {
    /// Creates a chat. No list would show it in a folder that is not the caller's (any more): it lies in no folder then.
    ///
    /// # Errors
    /// [`ChatError::TitleIsNoText`].
    pub async fn create(
        &self,
        caller: &Caller,
        body: Map<String, Value>,
        folder: Option<FolderId>,
    ) -> Result<Chat, ChatError> {
        let import = ImportChat {
            body,
            folder,
            ..ImportChat::default()
        };
        let mut chat = [self.build(caller, import)?];
        self.store(&mut chat).await?;
        let [chat] = chat;
        Ok(chat)
    }

    /// Takes chats over from elsewhere, all or none, with their tags. Folders of elsewhere are none of the caller's: such
    /// chats lie in no folder.
    ///
    /// # Errors
    /// [`ChatError::TitleIsNoText`].
    pub async fn import(&self, caller: &Caller, imports: Vec<ImportChat>) -> Result<Vec<Chat>, ChatError> {
        let built = imports.into_iter().map(|import| self.build(caller, import));
        let mut chats = built.collect::<Result<Vec<Chat>, ChatError>>()?;
        self.store(&mut chats).await?;
        let mut tags: Vec<String> = chats.iter().flat_map(Chat::tag_ids).collect();
        tags.sort();
        tags.dedup();
        self.tags.ensure(caller.id(), &tags).await?;
        Ok(chats)
    }

    /// Copies one's own chat.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn clone_own(
        &self,
        caller: &Caller,
        id: &ChatId,
        title: Option<String>,
    ) -> Result<Chat, ChatError> {
        let chat = self.get(caller, id).await?;
        self.copy(caller, chat, title).await
    }

    /// Copies a chat that somebody shares. Admins may also copy chats that are not shared, as far as they may read them.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn clone_shared(&self, caller: &Caller, share: &ChatId) -> Result<Chat, ChatError> {
        let chat = self.shared(caller, share).await?;
        let plain = Chat {
            pinned: false,
            folder: None,
            ..chat
        };
        self.copy(caller, plain, None).await
    }

    /// Stores new chats; those whose folder is none of their owner's lie in none.
    async fn store(&self, chats: &mut [Chat]) -> Result<(), ChatError> {
        let unfiled: HashSet<ChatId> = self.chats.insert(chats).await?.into_iter().collect();
        for chat in chats.iter_mut().filter(|chat| unfiled.contains(&chat.id)) {
            chat.folder = None;
        }
        Ok(())
    }

    async fn copy(&self, caller: &Caller, chat: Chat, title: Option<String>) -> Result<Chat, ChatError> {
        let title = title.filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| format!("Clone of {}", chat.title));
        let current = json!(chat.current_message());
        let mut body = chat.body;
        body.insert("originalChatId".to_owned(), json!(chat.id));
        body.insert("branchPointMessageId".to_owned(), current);
        body.insert("title".to_owned(), json!(title));
        let import = ImportChat {
            body,
            meta: chat.meta,
            pinned: chat.pinned,
            folder: chat.folder,
            ..ImportChat::default()
        };
        let mut copies = self.import(caller, vec![import]).await?;
        copies.pop().ok_or(ChatError::NotFound)
    }

    fn build(&self, caller: &Caller, mut import: ImportChat) -> Result<Chat, ChatError> {
        strip_nulls_in(&mut import.body);
        strip_nulls_in(&mut import.meta);
        let now = self.clock.now();
        let at = |seconds: Option<i64>| seconds.map_or(now, Timestamp::from_seconds);
        Ok(Chat {
            id: ChatId::new(self.ids.uuid().to_string()),
            owner: caller.id().clone(),
            title: title_in(&import.body)?.unwrap_or_else(|| UNTITLED.to_owned()),
            share_id: None,
            archived: false,
            pinned: import.pinned,
            body: import.body,
            meta: import.meta,
            folder: import.folder,
            created_at: at(import.created_at),
            updated_at: at(import.updated_at),
        })
    }
}
