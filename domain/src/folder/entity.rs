use serde_json::Value;

use crate::shared::{TextId, Timestamp};
use crate::user::UserId;

/// Identifies a folder.
pub type FolderId = TextId<Folder>;

/// A folder of chats.
#[derive(Debug, Clone, PartialEq)]
pub struct Folder {
    /// Identity.
    pub id: FolderId,
    /// The folder that it lies in.
    pub parent: Option<FolderId>,
    /// Whose it is.
    pub owner: UserId,
    /// Name; no two folders of one parent have the same, whatever its case.
    pub name: String,
    /// Kept for old clients; nothing fills it.
    pub items: Option<Value>,
    /// How it looks.
    pub meta: Option<Value>,
    /// What chats in it start with: a system prompt, files.
    pub data: Option<Value>,
    /// Whether the list shows what is in it.
    pub is_expanded: bool,
    /// Created (whole seconds).
    pub created_at: Timestamp,
    /// Last changed (whole seconds).
    pub updated_at: Timestamp,
}

/// A folder's id and those of all folders below it; `folders` are all of one owner. Cycles, which old data may hold,
/// end the walk.
pub fn subtree(folders: &[Folder], root: &FolderId) -> Vec<FolderId> {
    let mut found = vec![root.clone()];
    let mut next = 0;
    while next < found.len() {
        let parent = found[next].clone();
        for folder in folders
            .iter()
            .filter(|folder| folder.parent.as_ref() == Some(&parent))
        {
            if !found.contains(&folder.id) {
                found.push(folder.id.clone());
            }
        }
        next += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(id: &str, parent: Option<&str>) -> Folder {
        Folder {
            id: FolderId::from(id),
            parent: parent.map(FolderId::from),
            owner: UserId::from("u"),
            name: id.to_owned(),
            items: None,
            meta: None,
            data: None,
            is_expanded: false,
            created_at: Timestamp::from_seconds(0),
            updated_at: Timestamp::from_seconds(0),
        }
    }

    #[test]
    fn a_subtree_ends_at_cycles() {
        let folders = [
            folder("a", Some("c")),
            folder("b", Some("a")),
            folder("c", Some("b")),
            folder("d", None),
        ];
        let ids: Vec<String> = subtree(&folders, &FolderId::from("a"))
            .into_iter()
            .map(FolderId::into_string)
            .collect();
        assert_eq!(ids, ["a", "b", "c"]);
    }
}
