use keelson_domain::shared::Timestamp;
use keelson_domain::user::{Role, User, UserChange, UserId, UserOrder, UserQuery, UserRepository};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "user_repository", run: |on| Box::pin(suite(&*on.ports.identity.user.repository, on)) }
}

async fn suite(users: &dyn UserRepository, on: &TestDatabase) {
    assert_eq!(users.first().await.unwrap(), None);
    assert_eq!(users.count().await.unwrap(), 0);
    on.run(
        "INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at) VALUES
         ('u1', 'Cleo', 'a@example.test', 'user', '/1.png', 20, 31, 12),
         ('u2', 'Ben', 'b@example.test', 'pending', '/2.png', 10, 33, 13),
         ('u3', 'Ada Benson', 'c@else.test', 'admin', '/3.png', 30, 32, 11)",
    )
    .await;
    finds(users).await;
    orders_and_pages(users).await;
    finds_text(users).await;
    changes_only_what_is_named(users).await;
    reads_what_others_left(users, on).await;
    finds_letters_of_every_language(users, on).await;
}

async fn finds_letters_of_every_language(users: &dyn UserRepository, on: &TestDatabase) {
    on.run(
        "DELETE FROM \"user\"; INSERT INTO \"user\" (id, name, email, role, profile_image_url, created_at, updated_at, last_active_at) VALUES
         ('l1', 'Иван', 'ivan@example.test', 'user', '', 1, 1, 1),
         ('l2', 'Ärger Müller', 'aerger@example.test', 'user', '', 1, 1, 1),
         ('l3', '100% Élan', 'a_b@example.test', 'user', '', 1, 1, 1),
         ('l4', 'back\\slash', 'ΩMEGA@example.test', 'user', '', 1, 1, 1)",
    )
    .await;
    for (text, expected) in [
        ("Иван", &["l1"][..]),
        ("ИВАН", &["l1"]),
        ("иван", &["l1"]),
        ("ärger", &["l2"]),
        ("MÜLLER", &["l2"]),
        ("élan", &["l3"]),
        ("ωmega", &["l4"]),
        ("%", &["l3"]),
        ("_", &["l3"]),
        ("0% é", &["l3"]),
        ("A_B", &["l3"]),
        ("\\", &["l4"]),
        ("%%", &[]),
        ("i_an", &[]),
        ("EXAMPLE", &["l1", "l2", "l3", "l4"]),
    ] {
        let query = UserQuery {
            text: Some(text.to_owned()),
            ..UserQuery::default()
        };
        let (found, total) = users.list(&query).await.unwrap();
        assert_eq!(
            (ids(&found), total),
            (expected.to_vec(), expected.len() as i64),
            "{text}"
        );
    }
}

async fn finds(users: &dyn UserRepository) {
    let found = users.find(&"u1".into()).await.unwrap().unwrap();
    assert_eq!(
        (found.name.as_str(), found.email.as_str(), found.role),
        ("Cleo", "a@example.test", Role::User)
    );
    assert_eq!(
        [found.created_at, found.updated_at, found.last_active_at],
        [20, 31, 12].map(Timestamp::from_seconds)
    );
    assert_eq!(users.find(&"nobody".into()).await.unwrap(), None);
    assert_eq!(users.find_by_email("a@example.test").await.unwrap(), Some(found));
    assert_eq!(users.find_by_email("d@example.test").await.unwrap(), None);
    assert_eq!(users.first().await.unwrap().unwrap().id, UserId::from("u2"));
    assert_eq!(users.count().await.unwrap(), 3);
}

fn ids(users: &[User]) -> Vec<&str> {
    users.iter().map(|user| user.id.as_str()).collect()
}

async fn orders_and_pages(users: &dyn UserRepository) {
    for (order, expected) in [
        (UserOrder::CreatedAt, ["u2", "u1", "u3"]),
        (UserOrder::Name, ["u3", "u2", "u1"]),
        (UserOrder::Email, ["u1", "u2", "u3"]),
        (UserOrder::LastActiveAt, ["u3", "u1", "u2"]),
        (UserOrder::UpdatedAt, ["u1", "u3", "u2"]),
        (UserOrder::Role, ["u3", "u2", "u1"]),
    ] {
        for descending in [false, true] {
            let query = UserQuery {
                order,
                descending,
                ..UserQuery::default()
            };
            let (found, total) = users.list(&query).await.unwrap();
            let mut expected = expected;
            if descending {
                expected.reverse();
            }
            assert_eq!((ids(&found), total), (expected.to_vec(), 3), "{query:?}");
        }
    }
    for (skip, limit, expected) in [
        (0, Some(2), &["u2", "u1"][..]),
        (2, Some(2), &["u3"]),
        (1, None, &["u1", "u3"]),
        (5, Some(2), &[]),
    ] {
        let query = UserQuery {
            skip,
            limit,
            ..UserQuery::default()
        };
        let (found, total) = users.list(&query).await.unwrap();
        assert_eq!((ids(&found), total), (expected.to_vec(), 3), "{query:?}");
    }
}

async fn finds_text(users: &dyn UserRepository) {
    for (text, expected) in [
        ("BEN", &["u2", "u3"][..]),
        ("@Example", &["u2", "u1"]),
        ("nothing", &[]),
    ] {
        let query = UserQuery {
            text: Some(text.to_owned()),
            limit: Some(1),
            ..UserQuery::default()
        };
        let (found, total) = users.list(&query).await.unwrap();
        assert_eq!(ids(&found), expected.get(..1).unwrap_or_default(), "{text}");
        assert_eq!(total, expected.len() as i64, "all of them count, not the page");
    }
}

async fn changes_only_what_is_named(users: &dyn UserRepository) {
    let (id, now) = (UserId::from("u1"), Timestamp::from_seconds(50));
    let before = users.find(&id).await.unwrap().unwrap();
    let change = UserChange {
        name: Some("Cleopatra".to_owned()),
        role: Some(Role::Admin),
        bio: Some(Some("b".to_owned())),
        date_of_birth: Some(Some("2001-02-03".to_owned())),
        status_expires_at: Some(Some(77)),
        settings: Some(json!({"ui": {"a": [1, null]}})),
        ..UserChange::default()
    };
    let expected = User {
        name: "Cleopatra".to_owned(),
        role: Role::Admin,
        bio: Some("b".to_owned()),
        date_of_birth: Some("2001-02-03".to_owned()),
        status_expires_at: Some(77),
        settings: Some(json!({"ui": {"a": [1, null]}})),
        updated_at: now,
        ..before
    };
    assert_eq!(
        users.update(&id, &change, now).await.unwrap(),
        Some(expected.clone())
    );
    assert_eq!(users.find(&id).await.unwrap(), Some(expected.clone()));

    let cleared = UserChange {
        bio: Some(None),
        date_of_birth: Some(None),
        status_expires_at: Some(None),
        info: Some(json!({"k": "v"})),
        ..UserChange::default()
    };
    let expected = User {
        bio: None,
        date_of_birth: None,
        status_expires_at: None,
        info: Some(json!({"k": "v"})),
        ..expected
    };
    assert_eq!(users.update(&id, &cleared, now).await.unwrap(), Some(expected));
    assert_eq!(users.update(&"nobody".into(), &change, now).await.unwrap(), None);
}

async fn reads_what_others_left(users: &dyn UserRepository, on: &TestDatabase) {
    on.run("UPDATE \"user\" SET settings = 'null', info = 'null', oauth = '{\"p\": {\"sub\": \"s\"}}' WHERE id = 'u2'")
        .await;
    let found = users.find(&"u2".into()).await.unwrap().unwrap();
    assert_eq!(
        (found.settings, found.info),
        (None, None),
        "JSON's null is no value"
    );
    assert_eq!(found.oauth, Some(json!({"p": {"sub": "s"}})));
    assert_eq!(found.oauth.as_ref().map(Value::is_object), Some(true));

    on.run("UPDATE \"user\" SET role = 'king' WHERE id = 'u2'").await;
    let found = users.find(&"u2".into()).await.unwrap().unwrap();
    assert_eq!(found.role, Role::Pending, "what no role is may do the least");
    let (all, _) = users.list(&UserQuery::default()).await.unwrap();
    assert_eq!(all.len(), 3, "the others are listed with it");

    on.run("UPDATE \"user\" SET email = 'Ben.Big@Example.TEST' WHERE id = 'u2'")
        .await;
    for typed in [
        "ben.big@example.test",
        "Ben.Big@Example.TEST",
        "BEN.BIG@EXAMPLE.TEST",
    ] {
        let found = users.find_by_email(typed).await.unwrap();
        assert_eq!(found.map(|user| user.id), Some("u2".into()), "{typed}");
    }
    on.run("UPDATE \"user\" SET email = 'ben.big@example.test' WHERE id = 'u3'")
        .await;
    let found = users.find_by_email("ben.big@example.test").await.unwrap();
    assert_eq!(
        found.map(|user| user.id),
        Some("u3".into()),
        "the one that is written just so"
    );
}
