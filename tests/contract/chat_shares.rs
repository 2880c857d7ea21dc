use keelson_domain::chat::{ChatChange, ChatId};
use keelson_domain::folder::FolderId;
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::conversations::{Stores, chat};
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "chat_shares", run: |on| Box::pin(async { suite(&Stores::of(&on.ports)).await }) }
}

async fn suite(stores: &Stores) {
    let (chats, shares) = (stores.chats.as_ref(), stores.shares.as_ref());
    let (owner, id) = (UserId::from("sharer"), ChatId::from("h1"));
    let (first, second) = (ChatId::from("hs1"), ChatId::from("hs2"));
    let mut own = chat("h1", "sharer", json!({"said": 1}));
    own.folder = Some(FolderId::from("f"));
    own.pinned = true;
    stores.make_folder("f", "sharer", None).await;
    chats.insert(&[own]).await.unwrap();

    assert_eq!(shares.share(&"other".into(), &id, &first).await.unwrap(), None);
    let copy = shares.share(&owner, &id, &first).await.unwrap().unwrap();
    assert_eq!(
        (&copy.id, copy.owner.as_str(), &copy.share_id),
        (&first, "shared-h1", &None)
    );
    assert_eq!(copy.folder, None, "a copy lies in no folder");
    assert_eq!(shares.shared(&first).await.unwrap(), Some(copy));
    assert_eq!(
        shares.shared(&id).await.unwrap(),
        None,
        "the chat itself is not shared"
    );
    let kept = chats.find_of(&owner, &id).await.unwrap().unwrap();
    assert_eq!(kept.share_id, Some(first.clone()));

    let change = ChatChange {
        body: json!({"said": 2}).as_object().cloned(),
        ..ChatChange::default()
    };
    chats
        .update(&owner, &id, &change, Timestamp::from_seconds(2))
        .await
        .unwrap();
    assert_eq!(
        shares.shared(&first).await.unwrap().unwrap().body["said"],
        1,
        "a copy stays as it was"
    );
    let again = shares.share(&owner, &id, &second).await.unwrap().unwrap();
    assert_eq!(
        (&again.id, &again.body["said"]),
        (&first, &json!(2)),
        "it keeps its address"
    );

    assert!(!shares.unshare(&"other".into(), &id).await.unwrap());
    assert!(shares.unshare(&owner, &id).await.unwrap());
    assert!(!shares.unshare(&owner, &id).await.unwrap());
    assert_eq!(shares.shared(&first).await.unwrap(), None);
    assert_eq!(chats.find_of(&owner, &id).await.unwrap().unwrap().share_id, None);
}
