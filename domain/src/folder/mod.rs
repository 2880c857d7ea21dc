//! Folders of chats, one within another.

mod entity;
mod ports;

pub use entity::{Folder, FolderId, subtree};
pub use ports::{FolderChange, FolderRepository};
