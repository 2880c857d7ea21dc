//! Folders of chats, one within another.

mod entity;
mod ports;

pub use entity::{Folder, FolderId, Misplaced, check_change, check_new, subtree};
pub use ports::{FolderChange, FolderPorts, FolderRepository};
