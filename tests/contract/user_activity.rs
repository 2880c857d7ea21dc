use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserActivity;
use pretty_assertions::assert_eq;

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "user_activity", run: |on| Box::pin(suite(&*on.ports.identity.user.activity, on)) }
}

async fn suite(activity: &dyn UserActivity, on: &TestDatabase) {
    let at = Timestamp::from_seconds;
    assert_eq!(activity.count_since(at(0)).await.unwrap(), 0);
    on.add_users(&["ann", "bob"]).await;
    activity.touch(&"ann".into(), at(100)).await.unwrap();
    activity.touch(&"bob".into(), at(90)).await.unwrap();
    activity.touch(&"nobody".into(), at(100)).await.unwrap();
    assert_eq!(activity.count_since(at(100)).await.unwrap(), 1, "then counts too");
    assert_eq!(activity.count_since(at(90)).await.unwrap(), 2);
    assert_eq!(activity.count_since(at(101)).await.unwrap(), 0);

    activity.touch(&"ann".into(), at(50)).await.unwrap();
    let ann = on
        .ports
        .identity
        .user
        .repository
        .find(&"ann".into())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(ann.last_active_at, at(100), "it goes forward only");
}
