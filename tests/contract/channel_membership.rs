use keelson_domain::channel::{ChannelId, ChannelMembership};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;

use super::database::{TestDatabase, readable};
use crate::rooms::Suite;

/// The channels that a user is in, sorted; asked in both ways.
async fn joined(channels: &dyn ChannelMembership, user: &UserId) -> Vec<String> {
    let groups: &[&str] = if user.as_str() == "cleo" { &["g"] } else { &[] };
    let scope = readable(user.as_str(), groups, true);
    let mut joined: Vec<String> = channels
        .channels_of(user, &scope)
        .await
        .unwrap()
        .into_iter()
        .map(ChannelId::into_string)
        .collect();
    joined.sort();
    for id in [
        "open", "null", "closed", "named", "grouped", "dm", "group", "archived", "deleted", "nothing",
    ] {
        let is_in = channels.is_in(user, &scope, &id.into()).await.unwrap();
        assert_eq!(is_in, joined.iter().any(|known| known == id), "{user} in {id}");
    }
    joined
}

inventory::submit! {
    Suite { name: "channel_membership", run: |on| Box::pin(suite( &*on.ports.workspace.channel.membership, on, )) }
}

async fn suite(channels: &dyn ChannelMembership, on: &TestDatabase) {
    on.add_users(&["ann", "bob", "cleo"]).await;
    on.add_group("g", &["cleo"]).await;
    on.run(
        r#"INSERT INTO channel (id, user_id, name, type, access_control, created_at, archived_at, deleted_at) VALUES
         ('open', 'ann', 'c', NULL, NULL, 1, NULL, NULL),
         ('null', 'ann', 'c', '', 'null', 1, NULL, NULL),
         ('closed', 'ann', 'c', NULL, '{}', 1, NULL, NULL),
         ('named', 'ann', 'c', NULL, '{"read": {"user_ids": ["bob"]}, "write": {"user_ids": ["cleo"]}}', 1, NULL, NULL),
         ('grouped', 'ann', 'c', NULL, '{"read": {"group_ids": ["g"]}}', 1, NULL, NULL),
         ('dm', 'ann', 'c', 'dm', NULL, 1, NULL, NULL),
         ('group', 'ann', 'c', 'group', '{"read": {"user_ids": ["cleo"]}}', 1, NULL, NULL),
         ('archived', 'ann', 'c', NULL, NULL, 1, 5, NULL),
         ('deleted', 'ann', 'c', NULL, NULL, 1, NULL, 5);
         INSERT INTO channel_member (id, channel_id, user_id, is_active, joined_at) VALUES
         ('1', 'dm', 'bob', TRUE, 1), ('2', 'dm', 'cleo', FALSE, 1), ('3', 'group', 'bob', TRUE, 1),
         ('4', 'closed', 'bob', TRUE, 1), ('5', 'archived', 'bob', TRUE, 1);"#,
    )
    .await;
    let (ann, bob, cleo) = (UserId::from("ann"), UserId::from("bob"), UserId::from("cleo"));
    assert_eq!(
        joined(channels, &ann).await,
        ["closed", "grouped", "named", "null", "open"],
        "the owner of a group or direct channel is in it as a member only"
    );
    assert_eq!(
        joined(channels, &bob).await,
        ["dm", "group", "named", "null", "open"]
    );
    assert_eq!(joined(channels, &cleo).await, ["grouped", "null", "open"]);
    assert_eq!(joined(channels, &"nobody".into()).await, ["null", "open"]);
    marks_what_members_read(channels, on, &bob).await;
}

async fn marks_what_members_read(channels: &dyn ChannelMembership, on: &TestDatabase, bob: &UserId) {
    on.run(
        "INSERT INTO message (id, user_id, channel_id, content, created_at) VALUES
         ('m1', 'ann', 'group', 'x', 100), ('m2', 'ann', 'group', 'x', 200), ('m3', 'ann', 'open', 'x', 200)",
    )
    .await;
    let waiting = async |id: &str| {
        let unread = on
            .ports
            .workspace
            .channel
            .repository
            .unread(bob, &[id.into()])
            .await;
        unread.unwrap()[0].count
    };
    assert_eq!(waiting("group").await, 2);
    let at = Timestamp::from_nanos;
    channels.mark_read(bob, &"group".into(), at(100)).await.unwrap();
    assert_eq!(waiting("group").await, 1, "what came at that very time is read");
    for id in ["open", "nothing"] {
        channels.mark_read(bob, &id.into(), at(300)).await.unwrap();
        assert_eq!(waiting(id).await, 0, "{id}: they are no member");
    }
}
