use keelson_domain::group::{GroupId, GroupMembership};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;

use super::database::TestDatabase;
use crate::rooms::Suite;

async fn groups_of(groups: &dyn GroupMembership, user: &UserId) -> Vec<String> {
    let groups = groups.of_user(user).await.unwrap();
    groups.into_iter().map(|group| group.id.into_string()).collect()
}

inventory::submit! {
    Suite { name: "group_membership", run: |on| Box::pin(suite(&*on.ports.identity.group.membership, on)) }
}

async fn suite(groups: &dyn GroupMembership, on: &TestDatabase) {
    let now = Timestamp::from_seconds(9);
    on.add_users(&["ann", "bob"]).await;
    for id in ["g1", "g2", "g3"] {
        on.add_group(id, &[]).await;
    }
    on.run("UPDATE \"group\" SET updated_at = 5 WHERE id = 'g2'")
        .await;
    let (ann, bob) = (UserId::from("ann"), UserId::from("bob"));
    assert!(groups.of_user(&ann).await.unwrap().is_empty());

    assert!(groups.add_member(&"g1".into(), &ann, "m1", now).await.unwrap());
    assert!(groups.add_member(&"g2".into(), &ann, "m2", now).await.unwrap());
    assert!(
        groups.add_member(&"g1".into(), &ann, "m3", now).await.unwrap(),
        "it is fine to be in already"
    );
    let unknown = GroupId::from("nothing");
    assert!(!groups.add_member(&unknown, &ann, "m4", now).await.unwrap());
    assert_eq!(groups_of(groups, &ann).await, ["g2", "g1"], "newest change first");
    assert!(groups.of_user(&bob).await.unwrap().is_empty());
    let members = groups.members(&"g1".into()).await.unwrap();
    assert_eq!(members, std::slice::from_ref(&ann), "nobody is in it twice");

    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    groups.add_member(&"g1".into(), &bob, "m5", now).await.unwrap();
    groups
        .set_groups_by_name(&ann, &names(&["g1", "g3", "unknown"]), now)
        .await
        .unwrap();
    let mut left = groups_of(groups, &ann).await;
    left.sort();
    assert_eq!(left, ["g1", "g3"]);
    assert_eq!(groups_of(groups, &bob).await, ["g1"], "other people's stay");
    groups.set_groups_by_name(&ann, &[], now).await.unwrap();
    assert!(groups.of_user(&ann).await.unwrap().is_empty());

    on.run("UPDATE \"group\" SET name = NULL, user_id = NULL, permissions = 'null', updated_at = NULL WHERE id = 'g1'")
        .await;
    let read = groups.of_user(&bob).await.unwrap();
    assert_eq!(
        (
            read[0].name.as_str(),
            read[0].owner.as_str(),
            &read[0].permissions
        ),
        ("", "", &None),
        "columns that are empty are read"
    );
}
