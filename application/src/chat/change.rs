use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatChange, ChatId, Switch, strip_nulls_in};
use keelson_domain::folder::FolderId;
use serde_json::{Map, Value};

use super::create::title_in;
use super::{ChatError, Chats};

impl Chats {
    /// Merges top-level fields into one's own chat.
    ///
    /// # Errors
    /// [`ChatError::NotFound`], [`ChatError::TitleIsNoText`].
    pub async fn update(
        &self,
        caller: &Caller,
        id: &ChatId,
        mut body: Map<String, Value>,
    ) -> Result<Chat, ChatError> {
        strip_nulls_in(&mut body);
        let change = ChatChange {
            title: title_in(&body)?,
            body: Some(body),
            ..ChatChange::default()
        };
        self.apply(caller, id, &change).await
    }

    /// Pins one's own chat to the top of the list, or unpins it.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn toggle_pinned(&self, caller: &Caller, id: &ChatId) -> Result<Chat, ChatError> {
        let change = ChatChange {
            pinned: Some(Switch::Toggle),
            ..ChatChange::default()
        };
        self.apply(caller, id, &change).await
    }

    /// Archives one's own chat, or brings it back; either takes it out of its folder. Tags that only archived chats have
    /// stay.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn toggle_archived(&self, caller: &Caller, id: &ChatId) -> Result<Chat, ChatError> {
        let change = ChatChange {
            archived: Some(Switch::Toggle),
            folder: Some(None),
            ..ChatChange::default()
        };
        self.apply(caller, id, &change).await
    }

    /// Moves one's own chat into a folder, or out of any; it is no longer pinned then.
    ///
    /// # Errors
    /// [`ChatError::NotFound`], [`ChatError::NoFolder`].
    pub async fn move_to(
        &self,
        caller: &Caller,
        id: &ChatId,
        folder: Option<FolderId>,
    ) -> Result<Chat, ChatError> {
        let into_folder = folder.is_some();
        let change = ChatChange {
            folder: Some(folder),
            pinned: Some(Switch::Set(false)),
            ..ChatChange::default()
        };
        match self.apply(caller, id, &change).await {
            // Either is missing: the chat, or the folder.
            Err(ChatError::NotFound) if into_folder => {
                self.head(caller, id).await?;
                Err(ChatError::NoFolder)
            }
            moved => moved,
        }
    }

    /// Archives all of the caller's chats, or brings them back.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn archive_all(&self, caller: &Caller, archived: bool) -> Result<(), ChatError> {
        Ok(self.chats.archive_all(caller.id(), archived).await?)
    }

    async fn apply(&self, caller: &Caller, id: &ChatId, change: &ChatChange) -> Result<Chat, ChatError> {
        self.chats
            .update(caller.id(), id, change, self.clock.now())
            .await?
            .ok_or(ChatError::NotFound)
    }
}
