use keelson_domain::chat::ChatPorts;
use keelson_domain::chat::{AnswerCheckpoint, ChatId, ChatSet, MessageId};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::conversations::chat;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "answer_checkpoints", run: |on| Box::pin(suite(&on.ports.conversations.chat)) }
}

async fn suite(ports: &ChatPorts) {
    let body = json!({"title": "t", "history": {"currentId": "q", "messages": {"q": {"content": "why"}, "a": {"role": "assistant"}}}});
    let chats = [
        chat("c1", "ann", body.clone()),
        chat("c2", "ann", body.clone()),
        chat("c3", "bob", body),
    ];
    ports.repository.insert(&chats).await.unwrap();
    running_answers_are_shown(ports).await;
    finished_answers_stay(ports).await;
    abandoned_answers_are_recovered(ports).await;
    answers_of_deleted_chats_are_forgotten(ports).await;
    odd_message_ids_do_not_stop_a_recovery(ports).await;
}

fn checkpoint(owner: &str, chat: &str, content: &str, second: i64) -> AnswerCheckpoint {
    AnswerCheckpoint {
        owner: owner.into(),
        chat: chat.into(),
        message: "a".into(),
        fields: json!({"content": content, "model": "m"})
            .as_object()
            .cloned()
            .unwrap(),
        saved_at: Timestamp::from_seconds(second),
    }
}

/// The content of the answer in a chat, and the message that is the current one.
async fn answer_in(ports: &ChatPorts, id: &str) -> (Value, Value) {
    let chat = ports.repository.find(&ChatId::from(id)).await.unwrap().unwrap();
    let history = &chat.body["history"];
    (
        history["messages"]["a"]["content"].clone(),
        history["currentId"].clone(),
    )
}

async fn running_answers_are_shown(ports: &ChatPorts) {
    let answers = &ports.answer_checkpoints;
    assert!(answers.save(&checkpoint("ann", "c1", "be", 10)).await.unwrap());
    assert!(
        answers
            .save(&checkpoint("ann", "c1", "because", 11))
            .await
            .unwrap()
    );
    assert!(
        !answers.save(&checkpoint("bob", "c1", "mine", 12)).await.unwrap(),
        "not the owner"
    );
    assert!(
        !answers.save(&checkpoint("ann", "none", "x", 12)).await.unwrap(),
        "no such chat"
    );
    let expected = (json!("because"), json!("a"));
    assert_eq!(answer_in(ports, "c1").await, expected);
    let (owner, id) = (UserId::from("ann"), ChatId::from("c1"));
    let own = ports.repository.find_of(&owner, &id).await.unwrap().unwrap();
    assert_eq!(
        own.body["history"]["messages"]["a"],
        json!({"role": "assistant", "content": "because", "model": "m"})
    );
    assert_eq!(own.body["history"]["messages"]["q"], json!({"content": "why"}));
    assert_eq!(
        own.updated_at,
        Timestamp::from_seconds(1),
        "the chat itself was not touched"
    );
    let all = ports.repository.load(&ChatSet::Of(owner.clone())).await.unwrap();
    assert_eq!(all.len(), 2);
    assert!(all.contains(&own), "also where many are shown");
    let message = ports
        .messages
        .message(&owner, &id, &MessageId::from("a"))
        .await
        .unwrap();
    assert_eq!(message, Some(own.body["history"]["messages"]["a"].clone()));
    assert_eq!(
        answer_in(ports, "c2").await.1,
        json!("q"),
        "other chats are as they were"
    );
}

async fn finished_answers_stay(ports: &ChatPorts) {
    let answers = &ports.answer_checkpoints;
    assert!(
        answers
            .finish(&checkpoint("ann", "c1", "because so", 20))
            .await
            .unwrap()
    );
    assert!(
        !answers
            .finish(&checkpoint("bob", "c1", "mine", 21))
            .await
            .unwrap(),
        "not the owner"
    );
    assert_eq!(answer_in(ports, "c1").await, (json!("because so"), json!("a")));
    let stored = ports.repository.find(&"c1".into()).await.unwrap().unwrap();
    assert_eq!(stored.updated_at, Timestamp::from_seconds(20));
    assert_eq!(
        answers.recover(Timestamp::from_seconds(1_000)).await.unwrap(),
        0,
        "nothing is left of it"
    );
}

async fn abandoned_answers_are_recovered(ports: &ChatPorts) {
    let answers = &ports.answer_checkpoints;
    assert!(answers.save(&checkpoint("ann", "c2", "old", 30)).await.unwrap());
    assert!(answers.save(&checkpoint("bob", "c3", "new", 50)).await.unwrap());
    assert_eq!(
        answers.recover(Timestamp::from_seconds(30)).await.unwrap(),
        0,
        "saved before that time only"
    );
    assert_eq!(answers.recover(Timestamp::from_seconds(40)).await.unwrap(), 1);
    let stored = ports.repository.find(&"c2".into()).await.unwrap().unwrap();
    assert_eq!(
        stored.updated_at,
        Timestamp::from_seconds(30),
        "it is in the chat"
    );
    assert_eq!(answer_in(ports, "c2").await, (json!("old"), json!("a")));
    let running = ports.repository.find(&"c3".into()).await.unwrap().unwrap();
    assert_eq!(
        running.updated_at,
        Timestamp::from_seconds(1),
        "this one still runs"
    );
    assert_eq!(answers.recover(Timestamp::from_seconds(40)).await.unwrap(), 0);
}

async fn answers_of_deleted_chats_are_forgotten(ports: &ChatPorts) {
    let answers = &ports.answer_checkpoints;
    assert!(
        ports
            .repository
            .delete(&"bob".into(), &"c3".into())
            .await
            .unwrap()
    );
    assert!(!answers.save(&checkpoint("bob", "c3", "newer", 60)).await.unwrap());
    assert_eq!(answers.recover(Timestamp::from_seconds(1_000)).await.unwrap(), 0);
    let again = chat("c3", "bob", json!({}));
    ports
        .repository
        .insert(std::slice::from_ref(&again))
        .await
        .unwrap();
    assert_eq!(
        ports.repository.find(&"c3".into()).await.unwrap(),
        Some(again),
        "no trace of it"
    );
}

async fn odd_message_ids_do_not_stop_a_recovery(ports: &ChatPorts) {
    let answers = &ports.answer_checkpoints;
    let mut odd = checkpoint("ann", "c2", "odd", 70);
    odd.message = MessageId::from("a\"b\\c");
    // SQLite cannot address such a message; what it does not take it need not merge.
    let kept = answers.save(&odd).await.unwrap_or(false);
    assert!(answers.save(&checkpoint("ann", "c2", "last", 71)).await.unwrap());
    let recovered = answers.recover(Timestamp::from_seconds(1_000)).await.unwrap();
    assert_eq!(recovered, 1 + u64::from(kept));
    assert_eq!(answer_in(ports, "c2").await.0, json!("last"));
}
