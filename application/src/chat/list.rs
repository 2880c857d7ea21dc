use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatOrder, ChatQuery, ChatSet, ChatSummary, Place};
use keelson_domain::folder::{FolderId, subtree};
use keelson_domain::user::UserId;

use super::{ChatError, Chats};

/// Chats on one page of a list (the reference's number).
const PAGE: i64 = 60;

/// Chats on one page of a folder (the reference's number).
const FOLDER_PAGE: i64 = 10;

/// How a list is sorted and narrowed.
#[derive(Debug, Clone, Default)]
pub struct ListOrder {
    /// Text in the title.
    pub title: Option<String>,
    /// Order.
    pub order: ChatOrder,
    /// Whether the order goes upwards.
    pub ascending: bool,
}

fn paged(query: ChatQuery, page: i64, size: i64) -> ChatQuery {
    ChatQuery {
        skip: (page.max(1) - 1).saturating_mul(size),
        limit: Some(size),
        ..query
    }
}

impl Chats {
    /// The caller's list: what is neither archived nor, unless asked for, pinned or in a folder. All without a page.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(
        &self,
        caller: &Caller,
        page: Option<i64>,
        pinned: bool,
        folders: bool,
    ) -> Result<Vec<ChatSummary>, ChatError> {
        let query = ChatQuery {
            archived: Some(false),
            pinned: (!pinned).then_some(false),
            place: if folders { Place::Anywhere } else { Place::Outside },
            ..ChatQuery::default()
        };
        let query = match page {
            Some(page) => paged(query, page, PAGE),
            None => query,
        };
        Ok(self.lists.list(caller.id(), &query).await?)
    }

    /// The caller's pinned chats.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pinned(&self, caller: &Caller) -> Result<Vec<ChatSummary>, ChatError> {
        let query = ChatQuery {
            archived: Some(false),
            pinned: Some(true),
            ..ChatQuery::default()
        };
        Ok(self.lists.list(caller.id(), &query).await?)
    }

    /// A page of the caller's archived chats.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn archived(
        &self,
        caller: &Caller,
        page: i64,
        order: ListOrder,
    ) -> Result<Vec<ChatSummary>, ChatError> {
        let query = ordered(order, Some(true));
        Ok(self.lists.list(caller.id(), &paged(query, page, PAGE)).await?)
    }

    /// A page of another user's chats, for admins where the operator lets them.
    ///
    /// # Errors
    /// [`ChatError::NotAllowed`].
    pub async fn of_user(
        &self,
        admin: &Caller,
        user: &UserId,
        page: i64,
        order: ListOrder,
    ) -> Result<Vec<ChatSummary>, ChatError> {
        if !self.access.of(admin).await?.reads_all_chats() {
            return Err(ChatError::NotAllowed);
        }
        let query = ordered(order, None);
        Ok(self.lists.list(user, &paged(query, page, PAGE)).await?)
    }

    /// The whole chats in a folder and below it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn in_folder(&self, caller: &Caller, folder: &FolderId) -> Result<Vec<Chat>, ChatError> {
        let folders = self.folders.list(caller.id()).await?;
        let set = ChatSet::InFolders(caller.id().clone(), subtree(&folders, folder));
        Ok(self.chats.load(&set).await?)
    }

    /// A page of the chats in a folder.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn folder_page(
        &self,
        caller: &Caller,
        folder: &FolderId,
        page: i64,
    ) -> Result<Vec<ChatSummary>, ChatError> {
        let query = ChatQuery {
            archived: Some(false),
            pinned: Some(false),
            place: Place::Folders(vec![folder.clone()]),
            ..ChatQuery::default()
        };
        Ok(self
            .lists
            .list(caller.id(), &paged(query, page, FOLDER_PAGE))
            .await?)
    }

    /// Everything that the caller has, for export.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn all(&self, caller: &Caller) -> Result<Vec<Chat>, ChatError> {
        Ok(self.chats.load(&ChatSet::Of(caller.id().clone())).await?)
    }

    /// Everything that the caller put away, for export.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn all_archived(&self, caller: &Caller) -> Result<Vec<Chat>, ChatError> {
        Ok(self.chats.load(&ChatSet::Archived(caller.id().clone())).await?)
    }

    /// Every chat of everyone, where the operator lets admins export.
    ///
    /// # Errors
    /// [`ChatError::NotAllowed`].
    pub async fn export_all(&self, admin: &Caller) -> Result<Vec<Chat>, ChatError> {
        if !self.access.of(admin).await?.exports_all_data() {
            return Err(ChatError::NotAllowed);
        }
        Ok(self.chats.load(&ChatSet::Everyone).await?)
    }
}

fn ordered(order: ListOrder, archived: Option<bool>) -> ChatQuery {
    ChatQuery {
        archived,
        title: order.title.filter(|title| !title.is_empty()),
        order: order.order,
        ascending: order.ascending,
        ..ChatQuery::default()
    }
}
