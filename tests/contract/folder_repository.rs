use keelson_domain::folder::{Folder, FolderChange, FolderId};
use keelson_domain::shared::{StoreError, Timestamp};
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::conversations::{Stores, chat};

fn folder(id: &str, parent: Option<&str>, at: i64) -> Folder {
    Folder {
        id: FolderId::from(id),
        parent: parent.map(FolderId::from),
        owner: UserId::from("folders"),
        name: id.to_owned(),
        items: None,
        meta: Some(json!({"icon": "x"})),
        data: None,
        is_expanded: false,
        created_at: Timestamp::from_seconds(at),
        updated_at: Timestamp::from_seconds(at),
    }
}

pub(super) async fn suite(stores: &Stores) {
    keeps_and_changes(stores).await;
    deletes_with_or_without_chats(stores).await;
}

async fn keeps_and_changes(stores: &Stores) {
    let folders = stores.folders.as_ref();
    let (owner, other) = (UserId::from("folders"), UserId::from("other"));
    let (a, b) = (folder("a", None, 2), folder("b", Some("a"), 1));
    folders.insert(&a).await.unwrap();
    folders.insert(&b).await.unwrap();
    let twice = folders.insert(&a).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    assert_eq!(
        folders.list(&owner).await.unwrap(),
        [b.clone(), a.clone()],
        "oldest first"
    );
    assert_eq!(folders.find(&owner, &a.id).await.unwrap(), Some(a.clone()));
    assert_eq!(folders.find(&other, &a.id).await.unwrap(), None);
    assert_eq!(folders.list(&other).await.unwrap(), []);

    let change = FolderChange {
        name: Some("B".to_owned()),
        parent: Some(None),
        data: Some(json!({"system_prompt": "s"})),
        ..FolderChange::default()
    };
    let now = Timestamp::from_seconds(9);
    let expected = Folder {
        name: "B".to_owned(),
        parent: None,
        data: Some(json!({"system_prompt": "s"})),
        updated_at: now,
        ..b.clone()
    };
    assert_eq!(
        folders.update(&owner, &b.id, &change, now).await.unwrap(),
        Some(expected.clone())
    );
    assert_eq!(folders.find(&owner, &b.id).await.unwrap(), Some(expected));
    assert_eq!(folders.update(&other, &b.id, &change, now).await.unwrap(), None);
}

async fn deletes_with_or_without_chats(stores: &Stores) {
    let (folders, chats, shares) = (
        stores.folders.as_ref(),
        stores.chats.as_ref(),
        stores.shares.as_ref(),
    );
    let owner = UserId::from("folders");
    let (a, b) = (FolderId::from("a"), FolderId::from("b"));
    for (id, owner, folder) in [("fa", "folders", &a), ("fb", "folders", &b), ("fx", "other", &a)] {
        let mut inside = chat(id, owner, json!({}));
        inside.folder = Some(folder.clone());
        chats.insert(&[inside]).await.unwrap();
    }
    shares
        .share(&owner, &"fb".into(), &"fbs".into())
        .await
        .unwrap()
        .unwrap();

    folders
        .delete(&owner, std::slice::from_ref(&a), false)
        .await
        .unwrap();
    assert_eq!(folders.find(&owner, &a).await.unwrap(), None);
    assert_eq!(
        chats.find(&"fa".into()).await.unwrap().unwrap().folder,
        None,
        "it lies outside now"
    );
    assert_eq!(
        chats.find(&"fx".into()).await.unwrap().unwrap().folder,
        Some(a),
        "other people's stay"
    );

    folders
        .delete(&owner, std::slice::from_ref(&b), true)
        .await
        .unwrap();
    assert_eq!(folders.list(&owner).await.unwrap(), []);
    assert_eq!(chats.find(&"fb".into()).await.unwrap(), None);
    assert_eq!(
        chats.find(&"fbs".into()).await.unwrap(),
        None,
        "its shared copy went with it"
    );
    assert!(chats.find(&"fa".into()).await.unwrap().is_some());
}
