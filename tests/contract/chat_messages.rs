use keelson_domain::chat::{Chat, ChatId, ChatMessages, ChatRepository, MessageId};
use keelson_domain::tag::TagRepository;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::conversations::{self, Stores};
use crate::rooms::Suite;

fn chat(body: Value) -> Chat {
    conversations::chat("c1", "u1", body)
}

inventory::submit! {
    Suite { name: "chat_messages", run: |on| Box::pin(async { suite(&Stores::of(&on.ports)).await }) }
}

async fn suite(stores: &Stores) {
    let (chats, messages) = (stores.chats.as_ref(), stores.messages.as_ref());
    merges_fields(chats, messages).await;
    leaves_the_rest_alone(chats, messages, stores.tags.as_ref()).await;
    makes_what_is_missing(chats, messages).await;
    copes_with_null_characters(chats, messages).await;
}

fn fields(value: Value) -> serde_json::Map<String, Value> {
    value.as_object().cloned().unwrap()
}

async fn merges_fields(chats: &dyn ChatRepository, messages: &dyn ChatMessages) {
    let (owner, stranger) = (UserId::from("u1"), UserId::from("u2"));
    let (id, message) = (ChatId::from("c1"), MessageId::from("m 1"));
    let body = json!({
        "title": "Before", "keep": [1, {"x": null}],
        "history": {"currentId": "m0", "messages": {"m0": {"id": "m0", "content": "hi"}}},
    });
    chats.insert(&[chat(body)]).await.unwrap();

    let first = fields(
        json!({"content": "a \"quoted\" 'é'\n", "done": false, "n": 1.5, "usage": {"t": [1]}, "none": null}),
    );
    assert!(
        messages
            .merge_message(&owner, &id, &message, &first, true, 7)
            .await
            .unwrap()
    );
    let second = fields(json!({"content": "b", "done": true}));
    assert!(
        messages
            .merge_message(&owner, &id, &message, &second, true, 8)
            .await
            .unwrap()
    );
    assert!(
        !messages
            .merge_message(&stranger, &id, &message, &second, true, 9)
            .await
            .unwrap()
    );
    let expected = json!({"content": "b", "done": true, "n": 1.5, "usage": {"t": [1]}, "none": null});
    assert_eq!(
        messages.message(&owner, &id, &message).await.unwrap(),
        Some(expected)
    );
    assert_eq!(messages.message(&stranger, &id, &message).await.unwrap(), None);
    assert_eq!(
        messages
            .message(&owner, &id, &MessageId::from("no"))
            .await
            .unwrap(),
        None
    );
}

async fn leaves_the_rest_alone(
    chats: &dyn ChatRepository,
    messages: &dyn ChatMessages,
    known: &dyn TagRepository,
) {
    let (owner, stranger) = (UserId::from("u1"), UserId::from("u2"));
    let id = ChatId::from("c1");
    let hidden = fields(json!({"followUps": ["?"]}));
    let old = MessageId::from("m0");
    assert!(
        messages
            .merge_message(&owner, &id, &old, &hidden, false, 10)
            .await
            .unwrap()
    );
    let stored = chats.find_of(&owner, &id).await.unwrap().unwrap();
    assert_eq!(stored.updated_at.seconds(), 10);
    assert_eq!(stored.body["keep"], json!([1, {"x": null}]));
    assert_eq!(stored.body["history"]["currentId"], json!("m 1"));
    assert_eq!(
        stored.body["history"]["messages"]["m0"],
        json!({"id": "m0", "content": "hi", "followUps": ["?"]})
    );

    assert!(messages.set_title(&owner, &id, "After", 11).await.unwrap());
    assert_eq!(
        messages.title(&owner, &id).await.unwrap().as_deref(),
        Some("After")
    );
    assert_eq!(messages.title(&stranger, &id).await.unwrap(), None);
    let tags = ["Fruit Salad".to_owned(), "b".to_owned()];
    assert!(messages.set_tags(&owner, &id, &tags).await.unwrap());
    assert!(!messages.set_tags(&stranger, &id, &tags).await.unwrap());
    let stored = chats.find_of(&owner, &id).await.unwrap().unwrap();
    assert_eq!(
        (stored.title.as_str(), &stored.body["title"]),
        ("After", &json!("After"))
    );
    assert_eq!(stored.meta["tags"], json!(["fruit_salad", "b"]));

    assert!(messages.set_tags(&owner, &id, &["B".to_owned()]).await.unwrap());
    let left: Vec<String> = known
        .list(&owner)
        .await
        .unwrap()
        .into_iter()
        .map(|tag| tag.name)
        .collect();
    assert_eq!(left, ["b"], "a tag that no chat bears any more is gone");
}

async fn makes_what_is_missing(chats: &dyn ChatRepository, messages: &dyn ChatMessages) {
    let owner = UserId::from("u1");
    let (old, second) = (
        MessageId::from("m0"),
        fields(json!({"content": "b", "done": true})),
    );
    let mut broken = chat(json!({"history": null}));
    broken.id = ChatId::from("c3");
    let mut empty = chat(json!({}));
    empty.id = ChatId::from("c2");
    chats.insert(&[empty, broken]).await.unwrap();
    let id = ChatId::from("c3");
    assert!(
        messages
            .merge_message(&owner, &id, &old, &second, true, 1)
            .await
            .unwrap()
    );
    let kept = messages.message(&owner, &id, &old).await.unwrap();
    assert_eq!(
        kept,
        Some(Value::Object(second.clone())),
        "a history that is null is begun"
    );
    assert!(messages.set_title(&owner, &id, "a\0b", 1).await.unwrap());
    assert_eq!(messages.title(&owner, &id).await.unwrap().as_deref(), Some("ab"));
    let id = ChatId::from("c2");
    assert!(
        messages
            .merge_message(&owner, &id, &old, &second, true, 1)
            .await
            .unwrap()
    );
    let stored = chats.find_of(&owner, &id).await.unwrap().unwrap();
    assert_eq!(
        Value::Object(stored.body),
        json!({"history": {"currentId": "m0", "messages": {"m0": {"content": "b", "done": true}}}})
    );
}

/// The reference keeps null characters in columns of the type `json`, as it was given them.
async fn copes_with_null_characters(chats: &dyn ChatRepository, messages: &dyn ChatMessages) {
    let (owner, id) = (UserId::from("u1"), ChatId::from("c4"));
    let (old, new) = (MessageId::from("m0"), MessageId::from("m1"));
    let said = "a\0b\\u0000 \\\0";
    let mut chat =
        chat(json!({"history": {"currentId": "m0", "messages": {"m0": {"content": said}}}, "x\0": "\0\0"}));
    chat.id = id.clone();
    chats.insert(&[chat]).await.unwrap();
    let kept = |message: Option<Value>| message.unwrap()["content"].as_str().unwrap().replace('\0', "");
    let message = messages.message(&owner, &id, &old).await.unwrap();
    assert_eq!(kept(message), "ab\\u0000 \\");
    let text = fields(json!({"content": "c"}));
    assert!(
        messages
            .merge_message(&owner, &id, &new, &text, true, 2)
            .await
            .unwrap()
    );
    assert!(messages.set_title(&owner, &id, "T", 3).await.unwrap());
    let stored = chats.find_of(&owner, &id).await.unwrap().unwrap();
    let stored = &stored.body["history"]["messages"];
    assert_eq!(stored["m1"]["content"], json!("c"));
    assert_eq!(kept(Some(stored["m0"].clone())), "ab\\u0000 \\");
}
