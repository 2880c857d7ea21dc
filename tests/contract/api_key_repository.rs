use keelson_domain::auth::ApiKeyRepository;
use keelson_domain::shared::{StoreError, Timestamp};
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "api_key_repository", run: |on| Box::pin(suite(&*on.ports.identity.api_keys, on)) }
}

async fn suite(keys: &dyn ApiKeyRepository, on: &TestDatabase) {
    on.add_users(&["ann", "bob", "cleo"]).await;
    let (ann, bob, cleo) = (UserId::from("ann"), UserId::from("bob"), UserId::from("cleo"));
    let now = Timestamp::from_seconds(100);
    assert_eq!(keys.find(&ann).await.unwrap(), None);
    assert_eq!(keys.owner("sk-1", now).await.unwrap(), None);
    keys.delete(&ann).await.unwrap();

    keys.replace(&ann, "sk-1", now).await.unwrap();
    keys.replace(&bob, "sk-2", now).await.unwrap();
    assert_eq!(keys.owner("sk-1", now).await.unwrap(), Some(ann.clone()));
    assert_eq!(keys.find(&ann).await.unwrap().as_deref(), Some("sk-1"));

    keys.replace(&ann, "sk-3", now).await.unwrap();
    assert_eq!(keys.owner("sk-1", now).await.unwrap(), None, "one an account");
    assert_eq!(keys.owner("sk-3", now).await.unwrap(), Some(ann.clone()));
    let taken = keys.replace(&ann, "sk-2", now).await;
    assert!(matches!(taken, Err(StoreError::Conflict { .. })), "{taken:?}");
    assert_eq!(
        keys.find(&ann).await.unwrap().as_deref(),
        Some("sk-3"),
        "the old key stays when the new one is taken"
    );

    keys.delete(&ann).await.unwrap();
    assert_eq!(keys.find(&ann).await.unwrap(), None);
    assert_eq!(
        keys.owner("sk-2", now).await.unwrap(),
        Some(bob),
        "each for itself"
    );

    on.run(
        "INSERT INTO api_key (id, user_id, key, expires_at, created_at, updated_at) VALUES
         ('k1', 'cleo', 'sk-old', 100, 1, 1), ('k2', NULL, 'sk-nobodys', NULL, 1, 1)",
    )
    .await;
    let before = Timestamp::from_seconds(99);
    assert_eq!(keys.owner("sk-old", before).await.unwrap(), Some(cleo));
    assert_eq!(keys.owner("sk-old", now).await.unwrap(), None, "its time is over");
    assert_eq!(keys.owner("sk-nobodys", now).await.unwrap(), None);
}
