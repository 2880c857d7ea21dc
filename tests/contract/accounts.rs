use futures_util::future::join_all;
use keelson_domain::auth::{Accounts, Created, NewAccount};
use keelson_domain::chat::ChatId;
use keelson_domain::user::{Role, UserId};
use pretty_assertions::assert_eq;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::conversations::chat;
use super::database::TestDatabase;
use crate::rooms::Suite;
use crate::support::user;

fn account(id: &str, only_if_first: bool) -> NewAccount {
    NewAccount {
        user: user(id),
        password_hash: SecretString::from(format!("hash of {id}")),
        only_if_first,
    }
}

inventory::submit! {
    Suite { name: "accounts", run: |on| Box::pin(suite(&*on.ports.identity.accounts, on)) }
}

async fn suite(accounts: &dyn Accounts, on: &TestDatabase) {
    one_of_many_is_first(accounts, on).await;
    creates_user_and_credential(accounts, on).await;
    changes_password_and_address(accounts, on).await;
    deletes_what_belongs_to_the_account_alone(accounts, on).await;
}

/// Makes accounts at the same time.
async fn create_at_once(accounts: &dyn Accounts, new: &[NewAccount]) -> Vec<Created> {
    let all = new.iter().map(|account| accounts.create(account));
    join_all(all).await.into_iter().map(Result::unwrap).collect()
}

fn count(outcomes: &[Created], wanted: Created) -> usize {
    outcomes.iter().filter(|outcome| **outcome == wanted).count()
}

async fn one_of_many_is_first(accounts: &dyn Accounts, on: &TestDatabase) {
    let new: Vec<NewAccount> = (0..8).map(|n| account(&format!("first-{n}"), true)).collect();
    let outcomes = create_at_once(accounts, &new).await;
    assert_eq!(
        (
            count(&outcomes, Created::First),
            count(&outcomes, Created::NotFirst)
        ),
        (1, 7)
    );
    let admin = on.ports.identity.user.repository.first().await.unwrap().unwrap();
    assert_eq!(on.ports.identity.user.repository.count().await.unwrap(), 1);
    assert!(accounts.delete(&admin.id).await.unwrap());

    let new: Vec<NewAccount> = (0..8).map(|n| account(&format!("next-{n}"), false)).collect();
    let outcomes = create_at_once(accounts, &new).await;
    let next = Created::Next(Role::User);
    assert_eq!((count(&outcomes, Created::First), count(&outcomes, next)), (1, 7));
    for (account, outcome) in new.iter().zip(&outcomes) {
        let stored = on
            .ports
            .identity
            .user
            .repository
            .find(&account.user.id)
            .await
            .unwrap()
            .unwrap();
        let role = if *outcome == Created::First {
            Role::Admin
        } else {
            Role::User
        };
        assert_eq!(stored.role, role);
    }

    let same: Vec<NewAccount> = (0..8)
        .map(|n| {
            let mut new = account(&format!("same-{n}"), false);
            new.user.email = "same@example.test".to_owned();
            new
        })
        .collect();
    let outcomes = create_at_once(accounts, &same).await;
    assert_eq!(
        (count(&outcomes, next), count(&outcomes, Created::EmailTaken)),
        (1, 7),
        "no address is taken twice"
    );
    assert_eq!(on.ports.identity.user.repository.count().await.unwrap(), 9);
}

async fn creates_user_and_credential(accounts: &dyn Accounts, on: &TestDatabase) {
    let new = account("ann", false);
    assert_eq!(accounts.create(&new).await.unwrap(), Created::Next(Role::User));
    assert_eq!(
        on.ports
            .identity
            .user
            .repository
            .find(&new.user.id)
            .await
            .unwrap(),
        Some(new.user.clone())
    );
    let credential = accounts.credential(&new.user.email).await.unwrap().unwrap();
    assert_eq!((&credential.user, credential.active), (&new.user.id, true));
    assert_eq!(credential.password_hash.expose_secret(), "hash of ann");
    assert!(accounts.credential("nobody@example.org").await.unwrap().is_none());

    assert_eq!(
        accounts.create(&account("late", true)).await.unwrap(),
        Created::NotFirst
    );
    assert_eq!(
        on.ports
            .identity
            .user
            .repository
            .find(&"late".into())
            .await
            .unwrap(),
        None
    );
    let mut other = account("other", false);
    other.user.email = new.user.email;
    assert_eq!(accounts.create(&other).await.unwrap(), Created::EmailTaken);
    other.user.email = other.user.email.to_uppercase();
    assert_eq!(
        accounts.create(&other).await.unwrap(),
        Created::EmailTaken,
        "whatever its capitals"
    );
    assert_eq!(
        on.ports
            .identity
            .user
            .repository
            .find(&"other".into())
            .await
            .unwrap(),
        None
    );
}

async fn changes_password_and_address(accounts: &dyn Accounts, on: &TestDatabase) {
    let (ann, nobody) = (UserId::from("ann"), UserId::from("nobody"));
    accounts.create(&account("bob", false)).await.unwrap();
    let hash = SecretString::from("another hash");
    assert!(accounts.set_password(&ann, &hash).await.unwrap());
    assert!(!accounts.set_password(&nobody, &hash).await.unwrap());
    assert!(accounts.set_email(&ann, "ann@example.test").await.unwrap());
    assert!(
        accounts.set_email(&ann, "ann@example.test").await.unwrap(),
        "one's own address is not taken"
    );
    assert!(!accounts.set_email(&ann, "bob@example.org").await.unwrap());
    let credential = accounts.credential("ann@example.test").await.unwrap().unwrap();
    assert_eq!(credential.user, ann);
    assert_eq!(credential.password_hash.expose_secret(), "another hash");
    assert!(accounts.credential("ann@example.org").await.unwrap().is_none());
    let stored = on
        .ports
        .identity
        .user
        .repository
        .find(&ann)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.email, "ann@example.test");
    let bobs = accounts.credential("bob@example.org").await.unwrap().unwrap();
    assert_eq!(bobs.user, UserId::from("bob"), "it stays with its owner");
    for stored in [
        "Bob@Example.org",
        "BOB@EXAMPLE.ORG",
        "bob@example.ORG",
        "boB@example.org",
    ] {
        on.run(&format!("UPDATE \"user\" SET email = '{stored}' WHERE id = 'bob'; UPDATE auth SET email = '{stored}' WHERE id = 'bob'"))
            .await;
        let bobs = accounts.credential("bob@example.org").await.unwrap();
        assert_eq!(
            bobs.map(|found| found.user),
            Some(UserId::from("bob")),
            "{stored}"
        );
        assert!(
            !accounts.set_email(&ann, "bob@example.org").await.unwrap(),
            "{stored}"
        );
        assert!(accounts.credential("bo@example.org").await.unwrap().is_none());
    }
    assert!(
        accounts
            .set_email(&UserId::from("bob"), "bob@example.org")
            .await
            .unwrap()
    );
}

async fn deletes_what_belongs_to_the_account_alone(accounts: &dyn Accounts, on: &TestDatabase) {
    let (ann, bob) = (UserId::from("ann"), UserId::from("bob"));
    for (owner, id, share) in [(&ann, "a1", "as1"), (&bob, "b1", "bs1")] {
        let mut made = chat(id, owner.as_str(), json!({}));
        made.folder = Some(format!("{owner}-folder").into());
        on.ports
            .conversations
            .chat
            .repository
            .insert(&[made])
            .await
            .unwrap();
        let (chat, share) = (ChatId::from(id), ChatId::from(share));
        let shared = on
            .ports
            .conversations
            .chat
            .shares
            .share(owner, &chat, &share)
            .await;
        assert!(shared.unwrap().is_some());
        on.ports
            .conversations
            .tag
            .repository
            .ensure(owner, &["t".to_owned()])
            .await
            .unwrap();
        on.ports
            .identity
            .api_keys
            .replace(owner, &format!("sk-{owner}"), user("x").created_at)
            .await
            .unwrap();
        on.run(&format!(
            "INSERT INTO folder (id, user_id, name, is_expanded, created_at, updated_at)
             VALUES ('{owner}-folder', '{owner}', 'F', FALSE, 1, 1);
             INSERT INTO memory (id, user_id, content, created_at, updated_at) VALUES ('{owner}-memory', '{owner}', 'M', 1, 1);
             INSERT INTO channel_member (id, channel_id, user_id, joined_at) VALUES ('{owner}-member', 'c', '{owner}', 1);
             INSERT INTO oauth_session (id, user_id, provider, token, expires_at, created_at, updated_at)
             VALUES ('{owner}-session', '{owner}', 'p', 't', 9, 1, 1);"
        ))
        .await;
    }
    on.add_group("g", &["ann", "bob"]).await;

    assert!(accounts.delete(&ann).await.unwrap());
    assert!(!accounts.delete(&ann).await.unwrap(), "it is gone");
    assert_eq!(on.ports.identity.user.repository.find(&ann).await.unwrap(), None);
    assert!(accounts.credential("ann@example.test").await.unwrap().is_none());
    assert_eq!(left_of(on, &ann, "a1").await, [false; 6]);
    assert_eq!(left_of(on, &bob, "b1").await, [true; 6], "other people's stays");
    let shared = async |id: &str| {
        on.ports
            .conversations
            .chat
            .shares
            .shared(&ChatId::from(id))
            .await
            .unwrap()
    };
    assert!(shared("bs1").await.is_some());
    assert_eq!(
        shared("as1").await,
        None,
        "what was shared is not served any more"
    );
    assert_eq!(
        on.ports
            .conversations
            .chat
            .repository
            .find(&"as1".into())
            .await
            .unwrap(),
        None
    );
}

/// What there is of an account: the chat, folders, tags, a key, memories, memberships.
async fn left_of(on: &TestDatabase, owner: &UserId, chat: &str) -> [bool; 6] {
    let ports = &on.ports;
    [
        ports
            .conversations
            .chat
            .repository
            .find(&chat.into())
            .await
            .unwrap()
            .is_some(),
        !ports
            .conversations
            .folder
            .repository
            .list(owner)
            .await
            .unwrap()
            .is_empty(),
        !ports
            .conversations
            .tag
            .repository
            .list(owner)
            .await
            .unwrap()
            .is_empty(),
        ports.identity.api_keys.find(owner).await.unwrap().is_some(),
        !ports
            .workspace
            .memory
            .repository
            .of_user(owner)
            .await
            .unwrap()
            .is_empty(),
        !ports
            .identity
            .group
            .membership
            .of_user(owner)
            .await
            .unwrap()
            .is_empty(),
    ]
}
