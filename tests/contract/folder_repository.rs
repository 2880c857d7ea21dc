use futures_util::future::join_all;
use keelson_domain::chat::ChatChange;
use keelson_domain::folder::{Folder, FolderChange, FolderId, Misplaced};
use keelson_domain::shared::{StoreError, Timestamp};
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::conversations::{self, Stores, chat};
use crate::rooms::Suite;

/// How often what happens at once is tried.
const ROUNDS: usize = 20;

fn folder(id: &str, parent: Option<&str>, at: i64) -> Folder {
    Folder {
        meta: Some(json!({"icon": "x"})),
        created_at: Timestamp::from_seconds(at),
        updated_at: Timestamp::from_seconds(at),
        ..conversations::folder(id, "folders", parent)
    }
}

inventory::submit! {
    Suite { name: "folder_repository", run: |on| Box::pin(async { suite(&Stores::of(&on.ports)).await }) }
}

async fn suite(stores: &Stores) {
    keeps_and_changes(stores).await;
    deletes_with_or_without_chats(stores).await;
    refuses_places_that_are_none(stores).await;
    one_of_several_takes_a_name(stores).await;
    moves_at_once_make_no_circle(stores).await;
    nothing_stays_behind_a_deletion(stores).await;
}

async fn keeps_and_changes(stores: &Stores) {
    let folders = stores.folders.as_ref();
    let (owner, other) = (UserId::from("folders"), UserId::from("other"));
    let (a, b) = (folder("a", None, 2), folder("b", Some("a"), 1));
    assert_eq!(folders.insert(&a).await.unwrap(), Ok(()));
    assert_eq!(folders.insert(&b).await.unwrap(), Ok(()));
    let renamed = Folder {
        name: "other".to_owned(),
        ..a.clone()
    };
    let twice = folders.insert(&renamed).await;
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
        Ok(Some(expected.clone()))
    );
    assert_eq!(folders.find(&owner, &b.id).await.unwrap(), Some(expected));
    assert_eq!(
        folders.update(&other, &b.id, &change, now).await.unwrap(),
        Ok(None)
    );
}

async fn deletes_with_or_without_chats(stores: &Stores) {
    let (folders, chats, shares) = (
        stores.folders.as_ref(),
        stores.chats.as_ref(),
        stores.shares.as_ref(),
    );
    let owner = UserId::from("folders");
    let (a, b) = (FolderId::from("a"), FolderId::from("b"));
    stores.make_folder("a", "other", None).await;
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

    assert!(folders.delete(&owner, &a, false).await.unwrap());
    assert!(!folders.delete(&owner, &a, false).await.unwrap(), "it is gone");
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

    assert!(folders.delete(&owner, &b, true).await.unwrap());
    assert_eq!(folders.list(&owner).await.unwrap(), []);
    assert_eq!(chats.find(&"fb".into()).await.unwrap(), None);
    assert_eq!(
        chats.find(&"fbs".into()).await.unwrap(),
        None,
        "its shared copy went with it"
    );
    assert!(chats.find(&"fa".into()).await.unwrap().is_some());
}

async fn refuses_places_that_are_none(stores: &Stores) {
    let owner = UserId::from("places");
    for (id, parent) in [("top", None), ("below", Some("top")), ("beside", None)] {
        stores.make_folder(id, "places", parent).await;
    }
    let folders = stores.folders.as_ref();
    for (name, parent, refusal) in [
        ("TOP", None, Misplaced::NameTaken),
        ("Below", Some("top"), Misplaced::NameTaken),
        ("new", Some("none"), Misplaced::NoParent),
    ] {
        let mut new = conversations::folder("new", "places", parent);
        new.name = name.to_owned();
        assert_eq!(folders.insert(&new).await.unwrap(), Err(refusal), "{name}");
    }
    let now = Timestamp::from_seconds(9);
    for (parent, name, refusal) in [
        (Some(Some("below")), None, Misplaced::InsideItself),
        (Some(Some("top")), None, Misplaced::InsideItself),
        (Some(Some("none")), None, Misplaced::NoParent),
        (None, Some("Beside"), Misplaced::NameTaken),
    ] {
        let change = FolderChange {
            parent: parent.map(|parent| parent.map(FolderId::from)),
            name: name.map(str::to_owned),
            ..FolderChange::default()
        };
        let changed = folders.update(&owner, &"top".into(), &change, now).await.unwrap();
        assert_eq!(changed, Err(refusal), "{change:?}");
    }
    assert_eq!(folders.list(&owner).await.unwrap().len(), 3);
}

async fn one_of_several_takes_a_name(stores: &Stores) {
    let owner = UserId::from("names");
    for round in 0..ROUNDS {
        let new: Vec<Folder> = (0..8)
            .map(|place| Folder {
                name: format!("Round {round}"),
                ..conversations::folder(&format!("n{round}-{place}"), "names", None)
            })
            .collect();
        let made = join_all(new.iter().map(|new| stores.folders.insert(new))).await;
        let taken = made.into_iter().filter(|made| *made.as_ref().unwrap() == Ok(()));
        assert_eq!(taken.count(), 1, "round {round}");
    }
    assert_eq!(stores.folders.list(&owner).await.unwrap().len(), ROUNDS);
}

async fn moves_at_once_make_no_circle(stores: &Stores) {
    let owner = UserId::from("movers");
    let now = Timestamp::from_seconds(9);
    for round in 0..ROUNDS {
        let ids: Vec<FolderId> = (0..3).map(|place| format!("c{round}-{place}").into()).collect();
        for id in &ids {
            stores.make_folder(id.as_str(), "movers", None).await;
        }
        let into_next = |place: usize| FolderChange {
            parent: Some(Some(ids[(place + 1) % 3].clone())),
            ..FolderChange::default()
        };
        let changes: Vec<FolderChange> = (0..3).map(into_next).collect();
        let moves = ids.iter().zip(&changes);
        let moved = join_all(moves.map(|(id, change)| stores.folders.update(&owner, id, change, now))).await;
        let refused = moved
            .iter()
            .filter(|moved| *moved.as_ref().unwrap() == Err(Misplaced::InsideItself));
        assert_eq!(
            refused.count(),
            1,
            "round {round}: the last one would close the circle"
        );
    }
}

async fn nothing_stays_behind_a_deletion(stores: &Stores) {
    let owner = UserId::from("deleters");
    let now = Timestamp::from_seconds(9);
    for round in 0..ROUNDS {
        let (top, below) = (format!("t{round}"), format!("b{round}"));
        let (moved, made) = (format!("m{round}"), format!("k{round}"));
        stores.make_folder(&top, "deleters", None).await;
        stores.make_folder(&below, "deleters", Some(&top)).await;
        stores
            .chats
            .insert(&[chat(&moved, "deleters", json!({}))])
            .await
            .unwrap();
        let change = ChatChange {
            folder: Some(Some(below.as_str().into())),
            ..ChatChange::default()
        };
        let mut new = [chat(&made, "deleters", json!({}))];
        new[0].folder = Some(top.as_str().into());
        let late = conversations::folder(&format!("l{round}"), "deleters", Some(&below));
        let (top_id, moved_id) = (top.as_str().into(), moved.as_str().into());
        let (deleted, updated, inserted, added) = tokio::join!(
            stores.folders.delete(&owner, &top_id, false),
            stores.chats.update(&owner, &moved_id, &change, now),
            stores.chats.insert(&new),
            stores.folders.insert(&late),
        );
        assert!(deleted.unwrap(), "round {round}");
        updated.unwrap();
        inserted.unwrap();
        let _either = added.unwrap();
        for id in [&moved, &made] {
            let left = stores.chats.find(&id.as_str().into()).await.unwrap().unwrap();
            assert_eq!(left.folder, None, "round {round}: {id}");
        }
        assert_eq!(stores.folders.list(&owner).await.unwrap(), [], "round {round}");
    }
}
