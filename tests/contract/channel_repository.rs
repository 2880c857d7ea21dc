use keelson_domain::channel::{Channel, ChannelId, ChannelRepository, Unread};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;
use serde_json::json;

use super::database::{TestDatabase, readable};
use crate::rooms::Suite;

fn ids(channels: &[Channel]) -> Vec<&str> {
    channels.iter().map(|channel| channel.id.as_str()).collect()
}

inventory::submit! {
    Suite { name: "channel_repository", run: |on| Box::pin(suite( &*on.ports.workspace.channel.repository, on, )) }
}

async fn suite(channels: &dyn ChannelRepository, on: &TestDatabase) {
    assert_eq!(channels.all().await.unwrap(), []);
    on.add_users(&["ann", "bob"]).await;
    on.run(
        r#"INSERT INTO channel (id, user_id, name, description, type, is_private, data, meta, access_control, created_at,
             updated_at, archived_at, archived_by, deleted_at) VALUES
         ('open', 'ann', 'open', 'd', NULL, FALSE, '{"d": 1}', 'null', NULL, 3000000001, 4, NULL, NULL, NULL),
         ('closed', 'ann', 'closed', NULL, '', NULL, NULL, NULL, '{}', 2, 4, NULL, NULL, NULL),
         ('group', 'ann', 'group', NULL, 'group', TRUE, NULL, NULL, NULL, 1, 4, NULL, NULL, NULL),
         ('bare', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', 0, NULL, NULL, NULL, NULL),
         ('archived', 'ann', 'a', NULL, NULL, NULL, NULL, NULL, NULL, 1, 4, 9, 'ann', NULL),
         ('deleted', 'ann', 'x', NULL, NULL, NULL, NULL, NULL, NULL, 1, 4, NULL, NULL, 9);
         INSERT INTO channel_member (id, channel_id, user_id, is_active, joined_at, last_read_at) VALUES
         ('1', 'group', 'bob', TRUE, 20, 100), ('2', 'group', 'ann', TRUE, 10, NULL), ('3', 'closed', 'bob', TRUE, 10, NULL);"#,
    )
    .await;
    lists(channels).await;
    counts_unread(channels, on).await;
}

async fn lists(channels: &dyn ChannelRepository) {
    let all = channels.all().await.unwrap();
    assert_eq!(ids(&all), ["bare", "group", "closed", "open"], "oldest first");
    let open = Channel {
        id: "open".into(),
        owner: "ann".into(),
        name: "open".to_owned(),
        description: Some("d".to_owned()),
        stored_kind: None,
        is_private: Some(false),
        data: Some(json!({"d": 1})),
        meta: None,
        access_control: None,
        created_at: Timestamp::from_nanos(3_000_000_001),
        updated_at: Timestamp::from_nanos(4),
        updated_by: None,
        archived_at: None,
        archived_by: None,
        deleted_at: None,
        deleted_by: None,
    };
    assert_eq!(all[3], open);
    assert_eq!(
        (all[0].owner.as_str(), all[0].name.as_str()),
        ("", ""),
        "columns that are empty are read"
    );
    let (ann, bob) = (UserId::from("ann"), UserId::from("bob"));
    assert_eq!(
        ids(&channels.of_user(&ann, &readable("ann", &[], true)).await.unwrap()),
        ["group", "closed", "open"]
    );
    assert_eq!(
        ids(&channels.of_user(&bob, &readable("bob", &[], true)).await.unwrap()),
        ["group", "open"]
    );
    assert_eq!(
        ids(&channels
            .of_user(&"nobody".into(), &readable("nobody", &[], true))
            .await
            .unwrap()),
        ["open"]
    );
    assert_eq!(
        channels.members(&["group".into(), "open".into()]).await.unwrap(),
        [("group".into(), ann), ("group".into(), bob)],
        "in the order in which they came"
    );
    assert_eq!(channels.members(&["nothing".into()]).await.unwrap(), []);
}

async fn counts_unread(channels: &dyn ChannelRepository, on: &TestDatabase) {
    on.run(
        "INSERT INTO message (id, user_id, channel_id, content, created_at, parent_id) VALUES
         ('m1', 'ann', 'group', 'read', 100, NULL), ('m2', 'ann', 'group', 'new', 101, NULL),
         ('m3', 'bob', 'group', 'own', 102, NULL), ('m4', 'ann', 'group', 'in a thread', 103, 'm1'),
         ('m5', 'ann', 'open', 'elsewhere', 7, NULL)",
    )
    .await;
    let wanted: Vec<ChannelId> = ["open", "group", "nothing"].map(ChannelId::from).to_vec();
    let waiting = |count, last: Option<i64>| Unread {
        count,
        last_message_at: last.map(Timestamp::from_nanos),
    };
    assert_eq!(
        channels.unread(&"bob".into(), &wanted).await.unwrap(),
        [waiting(0, Some(7)), waiting(1, Some(103)), waiting(0, None)],
        "in the order asked for; others' messages since, none in threads; 0 for those who are no members"
    );
    assert_eq!(
        channels.unread(&"ann".into(), &wanted[1..2]).await.unwrap(),
        [waiting(1, Some(103))],
        "who never read has everything of others before them"
    );
    assert_eq!(channels.unread(&"bob".into(), &[]).await.unwrap(), []);
}
