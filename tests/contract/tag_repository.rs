use keelson_domain::chat::ChatId;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::conversations::{Stores, chat};
use crate::rooms::Suite;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

inventory::submit! {
    Suite { name: "tag_repository", run: |on| Box::pin(async { suite(&Stores::of(&on.ports)).await }) }
}

async fn suite(stores: &Stores) {
    let (tags, chats) = (stores.tags.as_ref(), stores.chats.as_ref());
    let (owner, other) = (UserId::from("tagger"), UserId::from("tagger2"));
    tags.ensure(&owner, &texts(&["Fruit Salad", "b"])).await.unwrap();
    tags.ensure(&owner, &texts(&["FRUIT salad"])).await.unwrap();
    tags.ensure(&other, &texts(&["b"])).await.unwrap();
    let all = tags.list(&owner).await.unwrap();
    let shown: Vec<(&str, &str)> = all
        .iter()
        .map(|tag| (tag.id.as_str(), tag.name.as_str()))
        .collect();
    assert_eq!(
        shown,
        [("fruit_salad", "Fruit Salad"), ("b", "b")],
        "the first way to write it stays"
    );
    let found = tags
        .find(&owner, &texts(&["fruit_salad", "b", "none"]))
        .await
        .unwrap();
    let ids: Vec<&str> = found.iter().map(|tag| tag.id.as_str()).collect();
    assert_eq!(ids, ["b", "fruit_salad"]);

    let mut bearing = chat("t1", "tagger", json!({}));
    bearing.meta.insert("tags".to_owned(), json!(["b"]));
    chats.insert(&[bearing]).await.unwrap();
    tags.delete_unused(&owner, &texts(&["b"])).await.unwrap();
    assert_eq!(
        tags.list(&owner).await.unwrap().len(),
        2,
        "one is borne, the other was not asked for"
    );
    tags.delete_unused(&owner, &texts(&["b", "fruit_salad"]))
        .await
        .unwrap();
    assert_eq!(tags.list(&owner).await.unwrap().len(), 1);
    assert!(chats.delete(&owner, &ChatId::from("t1")).await.unwrap());
    tags.delete_unused(&owner, &texts(&["b"])).await.unwrap();
    assert_eq!(tags.list(&owner).await.unwrap(), []);
    assert_eq!(tags.list(&other).await.unwrap().len(), 1, "other people's stay");
}
