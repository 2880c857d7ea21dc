use serde_json::Value;

use super::FolderChange;
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

/// Why a folder cannot stand where it is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misplaced {
    /// There is no such folder to put it in.
    NoParent,
    /// A folder beside it has the name.
    NameTaken,
    /// It would lie in itself.
    InsideItself,
}

/// Whether a new folder may stand where it is to; `folders` are all of its owner.
///
/// # Errors
/// [`Misplaced`].
pub fn check_new(folders: &[Folder], new: &Folder) -> Result<(), Misplaced> {
    check_parent(folders, &new.id, new.parent.as_ref())?;
    check_name(folders, &new.id, new.parent.as_ref(), &new.name)
}

/// Whether a folder may be changed so; `folders` are all of its owner. Old data may hold a folder whose parent is gone:
/// it may be renamed there.
///
/// # Errors
/// [`Misplaced`].
pub fn check_change(folders: &[Folder], folder: &Folder, change: &FolderChange) -> Result<(), Misplaced> {
    let parent = change.parent.as_ref().unwrap_or(&folder.parent).as_ref();
    if change.parent.is_some() {
        check_parent(folders, &folder.id, parent)?;
    }
    check_name(
        folders,
        &folder.id,
        parent,
        change.name.as_ref().unwrap_or(&folder.name),
    )
}

/// In a folder that is not there, or below itself, no list would show it.
fn check_parent(folders: &[Folder], id: &FolderId, parent: Option<&FolderId>) -> Result<(), Misplaced> {
    let Some(parent) = parent else { return Ok(()) };
    if folders.iter().all(|folder| folder.id != *parent) {
        return Err(Misplaced::NoParent);
    }
    match subtree(folders, id).contains(parent) {
        true => Err(Misplaced::InsideItself),
        false => Ok(()),
    }
}

fn check_name(
    folders: &[Folder],
    id: &FolderId,
    parent: Option<&FolderId>,
    name: &str,
) -> Result<(), Misplaced> {
    let is_beside = |folder: &&Folder| folder.id != *id && folder.parent.as_ref() == parent;
    let mut beside = folders.iter().filter(is_beside);
    match beside.any(|folder| folder.name.to_lowercase() == name.to_lowercase()) {
        true => Err(Misplaced::NameTaken),
        false => Ok(()),
    }
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

    #[test]
    fn a_place_is_free_there_and_not_below_the_folder() {
        let folders = [
            folder("a", None),
            folder("b", Some("a")),
            folder("c", None),
            folder("d", Some("gone")),
        ];
        for (id, parent, name, expected) in [
            ("new", None, "e", Ok(())),
            ("new", Some("a"), "c", Ok(())),
            ("new", None, "C", Err(Misplaced::NameTaken)),
            ("new", Some("gone"), "e", Err(Misplaced::NoParent)),
        ] {
            let mut new = folder(id, parent);
            new.name = name.to_owned();
            assert_eq!(check_new(&folders, &new), expected, "{parent:?} {name}");
        }
        for (place, parent, name, expected) in [
            (0, Some(Some("b")), None, Err(Misplaced::InsideItself)),
            (0, Some(Some("a")), None, Err(Misplaced::InsideItself)),
            (0, Some(None), Some("A"), Ok(())),
            (0, None, Some("C"), Err(Misplaced::NameTaken)),
            (1, Some(Some("c")), None, Ok(())),
            (1, Some(Some("gone")), None, Err(Misplaced::NoParent)),
            (3, None, Some("renamed"), Ok(())),
        ] {
            let change = FolderChange {
                parent: parent.map(|parent| parent.map(FolderId::from)),
                name: name.map(str::to_owned),
                ..FolderChange::default()
            };
            let moved = &folders[place];
            assert_eq!(
                check_change(&folders, moved, &change),
                expected,
                "{} {change:?}",
                moved.id
            );
        }
    }
}
