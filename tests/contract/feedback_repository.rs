use keelson_domain::access::OwnerScope;
use keelson_domain::evaluation::{
    Feedback, FeedbackChange, FeedbackHead, FeedbackOrder, FeedbackQuery, FeedbackRepository, FeedbackSummary,
};
use keelson_domain::shared::{StoreError, Timestamp};
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "feedback_repository", run: |on| Box::pin(suite( &*on.ports.workspace.evaluation.feedback, on, )) }
}

async fn suite(feedback: &dyn FeedbackRepository, on: &TestDatabase) {
    keeps_what_is_given(feedback).await;
    changes_what_is_named(feedback).await;
    stays_within_owners(feedback).await;
    reads_what_others_wrote(feedback, on).await;
    pages_in_order(feedback, on).await;
}

fn of(owner: &str) -> OwnerScope {
    OwnerScope::Of(owner.into())
}

fn piece(id: &str, owner: &str, seconds: i64) -> Feedback {
    let at = Timestamp::from_seconds(seconds);
    Feedback {
        summary: FeedbackSummary {
            head: FeedbackHead {
                id: id.into(),
                owner: owner.into(),
                created_at: at,
                updated_at: at,
            },
            version: 0,
            kind: "rating".to_owned(),
            data: Some(json!({"rating": 1, "reason": null, "more": {"é": [1]}})),
            meta: None,
        },
        snapshot: Some(json!({"chat": {"title": "T"}})),
    }
}

fn fields(value: Value) -> Option<Map<String, Value>> {
    value.as_object().cloned()
}

fn ids<'f>(list: impl IntoIterator<Item = &'f FeedbackSummary>) -> Vec<&'f str> {
    list.into_iter().map(|summary| summary.head.id.as_str()).collect()
}

async fn keeps_what_is_given(feedback: &dyn FeedbackRepository) {
    assert_eq!(feedback.list(&OwnerScope::Everyone).await.unwrap(), []);
    assert!(!feedback.delete_all(&OwnerScope::Everyone).await.unwrap());
    let (a, b) = (piece("a", "ann", 10), piece("b", "ann", 20));
    feedback.insert(&a).await.unwrap();
    feedback.insert(&b).await.unwrap();
    let again = feedback.insert(&piece("a", "bob", 30)).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(
        feedback.find(&of("ann"), &"a".into()).await.unwrap(),
        Some(a.clone())
    );
    let newest_first = [b.summary.clone(), a.summary.clone()];
    assert_eq!(feedback.list(&of("ann")).await.unwrap(), newest_first);
    let heads = newest_first.map(|summary| summary.head);
    assert_eq!(feedback.heads().await.unwrap(), heads);
    assert_eq!(feedback.export().await.unwrap(), [b, a]);
}

async fn changes_what_is_named(feedback: &dyn FeedbackRepository) {
    let id = "a".into();
    let mut expected = piece("a", "ann", 10);
    for (seconds, change) in [
        (50, FeedbackChange::default()),
        (
            51,
            FeedbackChange {
                data: fields(json!({"rating": -1})),
                ..FeedbackChange::default()
            },
        ),
        (
            52,
            FeedbackChange {
                meta: fields(json!({"chat_id": "c"})),
                snapshot: fields(json!({})),
                ..FeedbackChange::default()
            },
        ),
    ] {
        let now = Timestamp::from_seconds(seconds);
        expected.summary.head.updated_at = now;
        let set = |old: &mut Option<Value>, new: &Option<Map<String, Value>>| {
            *old = new.clone().map(Value::Object).or(old.take());
        };
        set(&mut expected.summary.data, &change.data);
        set(&mut expected.summary.meta, &change.meta);
        set(&mut expected.snapshot, &change.snapshot);
        let changed = feedback.update(&of("ann"), &id, &change, now).await.unwrap();
        assert_eq!(changed.as_ref(), Some(&expected), "{change:?}");
        let found = feedback.find(&OwnerScope::Everyone, &id).await.unwrap();
        assert_eq!(found, changed, "{change:?}");
    }
    let list = feedback.list(&OwnerScope::Everyone).await.unwrap();
    assert_eq!(ids(&list), ["a", "b"], "newest change first");
}

async fn stays_within_owners(feedback: &dyn FeedbackRepository) {
    feedback.insert(&piece("c", "bob", 5)).await.unwrap();
    let change = FeedbackChange {
        data: fields(json!({"stolen": true})),
        ..FeedbackChange::default()
    };
    for (owners, id, is_there) in [
        (of("bob"), "a", false),
        (of(""), "a", false),
        (of("ann' OR '1'='1"), "a", false),
        (of("ann"), "none", false),
        (OwnerScope::Everyone, "none", false),
        (of("bob"), "c", true),
        (OwnerScope::Everyone, "c", true),
    ] {
        let before = feedback.export().await.unwrap();
        let id = id.into();
        let found = feedback.find(&owners, &id).await.unwrap();
        assert_eq!(found.is_some(), is_there, "{owners:?} {id}");
        let now = Timestamp::from_seconds(5);
        let changed = feedback.update(&owners, &id, &change, now).await.unwrap();
        assert_eq!(changed.is_some(), is_there, "{owners:?} {id}");
        if !is_there {
            assert!(!feedback.delete(&owners, &id).await.unwrap(), "{owners:?} {id}");
            assert_eq!(feedback.export().await.unwrap(), before, "{owners:?} {id}");
        }
    }
    assert_eq!(ids(&feedback.list(&of("bob")).await.unwrap()), ["c"]);
    assert_eq!(
        ids(&feedback.list(&OwnerScope::Everyone).await.unwrap()),
        ["a", "b", "c"]
    );
    assert!(feedback.delete(&of("ann"), &"b".into()).await.unwrap());
    assert!(!feedback.delete(&of("ann"), &"b".into()).await.unwrap());
    assert!(feedback.delete_all(&of("bob")).await.unwrap());
    assert!(!feedback.delete_all(&of("bob")).await.unwrap());
    assert_eq!(ids(&feedback.list(&OwnerScope::Everyone).await.unwrap()), ["a"]);
    assert!(feedback.delete_all(&OwnerScope::Everyone).await.unwrap());
    assert_eq!(feedback.export().await.unwrap(), []);
}

async fn reads_what_others_wrote(feedback: &dyn FeedbackRepository, on: &TestDatabase) {
    on.run(
        "INSERT INTO feedback (id, user_id, version, type, data, meta, snapshot, created_at, updated_at) VALUES
         ('bare', NULL, NULL, NULL, NULL, 'null', NULL, 1, 2)",
    )
    .await;
    let bare = Feedback {
        summary: FeedbackSummary {
            head: FeedbackHead {
                id: "bare".into(),
                owner: "".into(),
                created_at: Timestamp::from_seconds(1),
                updated_at: Timestamp::from_seconds(2),
            },
            version: 0,
            kind: String::new(),
            data: None,
            meta: None,
        },
        snapshot: None,
    };
    assert_eq!(feedback.export().await.unwrap(), [bare]);
    assert_eq!(feedback.list(&of("")).await.unwrap(), [], "it is nobody's");
}

/// Three accounts; one piece without data, one whose data is no object, one of nobody and one of a deleted account.
async fn pages_in_order(feedback: &dyn FeedbackRepository, on: &TestDatabase) {
    use FeedbackOrder::{CreatedAt, Model, OwnerName, Rating, UpdatedAt};
    on.add_users(&["ann", "bob", "cleo"]).await;
    on.run(
        r#"DELETE FROM feedback;
         INSERT INTO feedback (id, user_id, version, type, data, created_at, updated_at) VALUES
         ('f1', 'bob', 0, 'rating', '{"rating": 1, "model_id": "beta"}', 10, 70),
         ('f2', 'ann', 0, 'rating', '{"rating": -1, "model_id": "alpha"}', 20, 60),
         ('f3', 'cleo', 0, 'rating', '{"rating": "10", "model_id": "gamma"}', 30, 50),
         ('f4', 'ann', 0, 'rating', '{"rating": "good", "model_id": "alpha"}', 40, 50),
         ('f5', 'bob', 0, 'rating', NULL, 50, 40),
         ('f6', 'cleo', 0, 'rating', '[1]', 60, 30),
         ('f7', NULL, 0, 'rating', '{"rating": 0}', 70, 20),
         ('f8', 'gone', 0, 'rating', '{"rating": 0}', 80, 10)"#,
    )
    .await;
    for (order, ascending, expected) in [
        (CreatedAt, true, ["f1", "f2", "f3", "f4", "f5", "f6"]),
        (CreatedAt, false, ["f6", "f5", "f4", "f3", "f2", "f1"]),
        (UpdatedAt, true, ["f6", "f5", "f3", "f4", "f2", "f1"]),
        (UpdatedAt, false, ["f1", "f2", "f3", "f4", "f5", "f6"]),
        (OwnerName, true, ["f2", "f4", "f1", "f5", "f3", "f6"]),
        (OwnerName, false, ["f3", "f6", "f1", "f5", "f2", "f4"]),
        (Model, true, ["f2", "f4", "f1", "f3", "f5", "f6"]),
        (Model, false, ["f3", "f1", "f2", "f4", "f5", "f6"]),
        (Rating, true, ["f2", "f1", "f3", "f4", "f5", "f6"]),
        (Rating, false, ["f3", "f1", "f2", "f4", "f5", "f6"]),
    ] {
        for (skip, limit) in [(0, 30), (0, 2), (2, 3), (4, 30), (6, 30), (0, 0)] {
            let query = FeedbackQuery {
                order,
                ascending,
                skip,
                limit,
            };
            let (page, total) = feedback.page(&query).await.unwrap();
            let (skip, limit) = (skip.try_into().unwrap(), limit.try_into().unwrap());
            let part: Vec<&str> = expected.into_iter().skip(skip).take(limit).collect();
            assert_eq!(ids(&page), part, "{query:?}");
            assert_eq!(total, 6, "{query:?}");
        }
    }
}
