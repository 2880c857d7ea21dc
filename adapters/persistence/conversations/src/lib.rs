//! Rows of conversations: `chat`, `folder`, `tag`.

mod chats;
mod folders;
#[cfg(feature = "postgres")]
mod json;
mod lists;
mod lock;
mod messages;
mod rows;
mod shares;
mod tags;

#[cfg(feature = "postgres")]
pub use postgres::*;
#[cfg(feature = "sqlite")]
pub use sqlite::*;

#[cfg(feature = "sqlite")]
mod sqlite {
    pub use crate::chats::SqliteChats;
    pub use crate::folders::SqliteFolders;
    pub use crate::lists::SqliteChatLists;
    pub use crate::messages::SqliteChatMessages;
    pub use crate::shares::SqliteChatShares;
    pub use crate::tags::SqliteTags;
}

#[cfg(feature = "postgres")]
mod postgres {
    pub use crate::chats::PgChats;
    pub use crate::folders::PgFolders;
    pub use crate::lists::PgChatLists;
    pub use crate::messages::PgChatMessages;
    pub use crate::shares::PgChatShares;
    pub use crate::tags::PgTags;
}
