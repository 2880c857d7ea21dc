use keelson_domain::group::{Group, GroupChange, GroupId, GroupRepository};
use keelson_domain::shared::{StoreError, Timestamp};
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::TestDatabase;
use crate::rooms::Suite;

fn group(id: &str, at: i64) -> Group {
    Group {
        id: GroupId::from(id),
        owner: UserId::from("admin"),
        name: format!("Name of {id}"),
        description: "For tests".to_owned(),
        data: None,
        meta: Some(json!({"m": [1]})),
        permissions: Some(json!({"chat": {"share": true}})),
        created_at: Timestamp::from_seconds(at),
        updated_at: Timestamp::from_seconds(at),
    }
}

inventory::submit! {
    Suite { name: "group_repository", run: |on| Box::pin(suite(&*on.ports.identity.group.repository, on)) }
}

async fn suite(groups: &dyn GroupRepository, on: &TestDatabase) {
    on.add_users(&["ann", "bob", "cleo"]).await;
    keeps_and_changes(groups).await;
    knows_members(groups, on).await;
}

async fn keeps_and_changes(groups: &dyn GroupRepository) {
    let (one, two) = (group("g1", 1), group("g2", 2));
    assert_eq!(groups.list().await.unwrap(), []);
    assert_eq!(groups.find(&one.id).await.unwrap(), None);
    groups.create(&one).await.unwrap();
    groups.create(&two).await.unwrap();
    let twice = groups.create(&one).await;
    assert!(matches!(twice, Err(StoreError::Conflict { .. })), "{twice:?}");
    assert_eq!(groups.find(&one.id).await.unwrap(), Some((one.clone(), 0)));
    assert_eq!(
        groups.list().await.unwrap(),
        [(two, 0), (one.clone(), 0)],
        "newest change first"
    );

    let now = Timestamp::from_seconds(9);
    let mut change = GroupChange {
        name: "Renamed".to_owned(),
        description: String::new(),
        permissions: None,
        data: Some(json!({"config": {"share": false}})),
    };
    assert!(groups.update(&one.id, &change, now).await.unwrap());
    let expected = Group {
        name: "Renamed".to_owned(),
        description: String::new(),
        data: change.data.take(),
        updated_at: now,
        ..one.clone()
    };
    assert!(groups.update(&one.id, &change, now).await.unwrap());
    assert_eq!(
        groups.find(&one.id).await.unwrap(),
        Some((expected, 0)),
        "permissions and data stay when none are named"
    );
    assert!(!groups.update(&"nothing".into(), &change, now).await.unwrap());
}

async fn knows_members(groups: &dyn GroupRepository, on: &TestDatabase) {
    let membership = &on.ports.identity.group.membership;
    let id = GroupId::from("g1");
    for (at, member) in ["cleo", "ann", "bob"].into_iter().enumerate() {
        let now = Timestamp::from_seconds(at as i64);
        let added = on
            .ports
            .identity
            .group
            .membership
            .add_member(&id, &member.into(), member, now)
            .await;
        assert!(added.unwrap());
    }
    let members = |ids: &[&str]| ids.iter().map(|id| UserId::from(*id)).collect::<Vec<_>>();
    assert_eq!(
        membership.members(&id).await.unwrap(),
        members(&["cleo", "ann", "bob"]),
        "in the order in which they came"
    );
    assert_eq!(membership.members(&"nothing".into()).await.unwrap(), []);
    assert_eq!(groups.find(&id).await.unwrap().unwrap().1, 3);
    let counts: Vec<i64> = groups.list().await.unwrap().into_iter().map(|it| it.1).collect();
    assert_eq!(counts, [3, 0]);

    let gone = members(&["ann", "nobody"]);
    membership.remove_members(&id, &gone).await.unwrap();
    membership.remove_members(&id, &gone).await.unwrap();
    assert_eq!(membership.members(&id).await.unwrap(), members(&["cleo", "bob"]));

    groups.delete(&id).await.unwrap();
    groups.delete(&id).await.unwrap();
    assert_eq!(groups.find(&id).await.unwrap(), None);
    assert_eq!(membership.members(&id).await.unwrap(), []);
    assert_eq!(
        on.ports
            .identity
            .group
            .membership
            .of_user(&"bob".into())
            .await
            .unwrap(),
        []
    );
}
