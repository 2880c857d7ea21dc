use keelson_domain::chat::{Chat, ChatChange, ChatHead, ChatId, ChatSet, Switch};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::{StoreError, Timestamp};
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::conversations::{Stores, chat};
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "chat_repository", run: |on| Box::pin(async { suite(&Stores::of(&on.ports)).await }) }
}

async fn suite(stores: &Stores) {
    keeps_what_it_is_given(stores).await;
    changes_only_what_is_named(stores).await;
    toggles(stores).await;
    reads_heads_without_messages(stores).await;
    deletes_with_the_shared_copy(stores).await;
    lies_only_in_folders_of_its_owner(stores).await;
}

async fn keeps_what_it_is_given(stores: &Stores) {
    let chats = stores.chats.as_ref();
    let owner = UserId::from("repo");
    let mut first = chat("r1", "repo", json!({"b": 1, "a": {"y": null, "x": "é\n"}}));
    first.meta.insert("tags".to_owned(), json!(["t"]));
    first.folder = Some(FolderId::from("f"));
    first.pinned = true;
    let mut second = chat("r2", "repo", json!({}));
    second.archived = true;
    second.updated_at = Timestamp::from_seconds(5);
    stores.make_folder("f", "repo", None).await;
    let unfiled = chats.insert(&[first.clone(), second.clone()]).await.unwrap();
    assert_eq!(unfiled, []);
    assert_eq!(chats.find(&first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(
        chats.find_of(&owner, &first.id).await.unwrap(),
        Some(first.clone())
    );
    assert_eq!(chats.find_of(&"other".into(), &first.id).await.unwrap(), None);
    assert_eq!(chats.find(&ChatId::from("nothing")).await.unwrap(), None);
    let loaded = chats.load(&ChatSet::Of(owner.clone())).await.unwrap();
    assert_eq!(loaded, [second.clone(), first.clone()], "newest change first");
    let archived = chats.load(&ChatSet::Archived(owner.clone())).await.unwrap();
    assert_eq!(archived, [second.clone()]);

    let third = chat("r3", "repo", json!({}));
    let refused = chats.insert(&[third.clone(), first.clone()]).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
    assert_eq!(chats.find(&third.id).await.unwrap(), None, "all or none");

    let folders = vec![FolderId::from("f")];
    let inside = ChatSet::InFolders(owner.clone(), folders.clone());
    assert_eq!(
        chats.load(&inside).await.unwrap(),
        [],
        "what is pinned stands elsewhere"
    );
    let change = ChatChange {
        pinned: Some(Switch::Set(false)),
        ..ChatChange::default()
    };
    let now = Timestamp::from_seconds(9);
    let unpinned = chats
        .update(&owner, &first.id, &change, now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(chats.load(&inside).await.unwrap(), [unpinned]);
}

async fn changes_only_what_is_named(stores: &Stores) {
    let chats = stores.chats.as_ref();
    let owner = UserId::from("repo");
    let id = ChatId::from("r1");
    let change = ChatChange {
        body: json!({"b": 2, "c": []}).as_object().cloned(),
        title: Some("Named".to_owned()),
        folder: Some(None),
        ..ChatChange::default()
    };
    let now = Timestamp::from_seconds(20);
    let changed = chats.update(&owner, &id, &change, now).await.unwrap().unwrap();
    assert_eq!(
        serde_json::to_value(&changed.body).unwrap(),
        json!({"b": 2, "a": {"y": null, "x": "é\n"}, "c": []})
    );
    assert_eq!(
        (
            changed.title.as_str(),
            changed.folder.as_ref(),
            changed.updated_at
        ),
        ("Named", None, now)
    );
    assert_eq!(changed.created_at, Timestamp::from_seconds(1));
    assert_eq!(
        chats.update(&"other".into(), &id, &change, now).await.unwrap(),
        None
    );

    chats.archive_all(&owner, true).await.unwrap();
    let all = chats.load(&ChatSet::Archived(owner.clone())).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].updated_at, now, "it stays as it was");
    chats.archive_all(&owner, false).await.unwrap();
    assert_eq!(chats.load(&ChatSet::Archived(owner)).await.unwrap(), []);
}

async fn toggles(stores: &Stores) {
    let chats = stores.chats.as_ref();
    let (owner, id) = (UserId::from("toggles"), ChatId::from("t1"));
    chats
        .insert(&[chat("t1", "toggles", json!({"kept": 1}))])
        .await
        .unwrap();
    let change = ChatChange {
        pinned: Some(Switch::Toggle),
        archived: Some(Switch::Toggle),
        ..ChatChange::default()
    };
    let now = Timestamp::from_seconds(30);
    for expected in [true, false, true] {
        let changed = chats.update(&owner, &id, &change, now).await.unwrap().unwrap();
        assert_eq!((changed.pinned, changed.archived), (expected, expected));
        assert_eq!(changed.body["kept"], 1);
        assert_eq!(chats.find(&id).await.unwrap(), Some(changed));
    }
    let stranger = chats.update(&"other".into(), &id, &change, now).await.unwrap();
    assert_eq!(stranger, None);
    assert!(
        chats.find(&id).await.unwrap().unwrap().pinned,
        "it stays as it was"
    );
}

fn head(chat: &Chat) -> ChatHead {
    ChatHead {
        id: chat.id.clone(),
        owner: chat.owner.clone(),
        title: chat.title.clone(),
        share_id: chat.share_id.clone(),
        archived: chat.archived,
        pinned: chat.pinned,
        tags: chat.tag_ids(),
        folder: chat.folder.clone(),
        created_at: chat.created_at,
        updated_at: chat.updated_at,
    }
}

async fn reads_heads_without_messages(stores: &Stores) {
    let (chats, lists) = (stores.chats.as_ref(), stores.lists.as_ref());
    let owner = UserId::from("heads");
    let mut stored = chat("e1", "heads", json!({}));
    stored.meta.insert("tags".to_owned(), json!(["a", "b"]));
    stored.folder = Some(FolderId::from("f"));
    stored.pinned = true;
    stored.archived = true;
    stored.share_id = Some(ChatId::from("es"));
    stored.updated_at = Timestamp::from_seconds(4);
    stores.make_folder("f", "heads", None).await;
    chats.insert(std::slice::from_ref(&stored)).await.unwrap();
    let expected = Some(head(&stored));
    assert_eq!(lists.head(&stored.id).await.unwrap(), expected);
    assert_eq!(lists.head_of(&owner, &stored.id).await.unwrap(), expected);
    assert_eq!(lists.head_of(&"other".into(), &stored.id).await.unwrap(), None);
    assert_eq!(lists.head(&ChatId::from("nothing")).await.unwrap(), None);
}

async fn deletes_with_the_shared_copy(stores: &Stores) {
    let (chats, shares) = (stores.chats.as_ref(), stores.shares.as_ref());
    let (owner, other) = (UserId::from("repo"), UserId::from("repo2"));
    chats.insert(&[chat("r9", "repo2", json!({}))]).await.unwrap();
    for (owner, id, copy) in [(&owner, "r1", "s1"), (&owner, "r2", "s2"), (&other, "r9", "s9")] {
        shares
            .share(owner, &id.into(), &copy.into())
            .await
            .unwrap()
            .unwrap();
    }
    assert!(
        !chats.delete(&other, &"r1".into()).await.unwrap(),
        "it is not theirs"
    );
    assert!(chats.delete(&owner, &"r1".into()).await.unwrap());
    assert!(!chats.delete(&owner, &"r1".into()).await.unwrap());
    assert_eq!(
        chats.find(&"s1".into()).await.unwrap(),
        None,
        "its copy went with it"
    );
    assert!(chats.find(&"s2".into()).await.unwrap().is_some());
    chats.delete_all(&owner).await.unwrap();
    assert_eq!(chats.load(&ChatSet::Of(owner)).await.unwrap(), []);
    assert_eq!(chats.find(&"s2".into()).await.unwrap(), None);
    assert!(chats.find(&"r9".into()).await.unwrap().is_some());
    assert!(
        chats.find(&"s9".into()).await.unwrap().is_some(),
        "other people's stay"
    );
}

async fn lies_only_in_folders_of_its_owner(stores: &Stores) {
    let chats = stores.chats.as_ref();
    let owner = UserId::from("filer");
    stores.make_folder("mine", "filer", None).await;
    stores.make_folder("theirs", "filer2", None).await;
    let (mut inside, mut stranger, mut nowhere) = (
        chat("i1", "filer", json!({})),
        chat("i2", "filer", json!({})),
        chat("i3", "filer", json!({})),
    );
    inside.folder = Some(FolderId::from("mine"));
    stranger.folder = Some(FolderId::from("theirs"));
    nowhere.folder = Some(FolderId::from("gone"));
    let unfiled = chats.insert(&[inside.clone(), stranger, nowhere]).await.unwrap();
    assert_eq!(unfiled, [ChatId::from("i2"), ChatId::from("i3")]);
    for id in &unfiled {
        assert_eq!(chats.find(id).await.unwrap().unwrap().folder, None);
    }
    let now = Timestamp::from_seconds(40);
    for (body, folder, is_moved) in [
        (None, Some("theirs"), false),
        (None, Some("gone"), false),
        (json!({"b": 1}).as_object().cloned(), Some("gone"), false),
        (None, None, true),
        (None, Some("mine"), true),
        (json!({"b": 1}).as_object().cloned(), Some("mine"), true),
    ] {
        let before = chats.find(&inside.id).await.unwrap();
        let change = ChatChange {
            body,
            folder: Some(folder.map(FolderId::from)),
            ..ChatChange::default()
        };
        let changed = chats.update(&owner, &inside.id, &change, now).await.unwrap();
        assert_eq!(changed.is_some(), is_moved, "{folder:?}");
        let expected = if is_moved { changed } else { before };
        assert_eq!(chats.find(&inside.id).await.unwrap(), expected, "{folder:?}");
    }
}
