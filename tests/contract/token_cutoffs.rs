use keelson_domain::auth::{TokenCutoff, TokenCutoffs};
use keelson_domain::shared::Timestamp;
use keelson_domain::user::UserId;
use pretty_assertions::assert_eq;

use super::database::TestDatabase;
use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "token_cutoffs", run: |on| Box::pin(suite(&*on.ports.identity.cutoffs, on)) }
}

async fn suite(cutoffs: &dyn TokenCutoffs, on: &TestDatabase) {
    on.add_users(&["ann", "bob"]).await;
    let (ann, bob) = (UserId::from("ann"), UserId::from("bob"));
    let cutoff = |since, kept: Option<&str>| TokenCutoff {
        since: Timestamp::from_seconds(since),
        kept: kept.map(str::to_owned),
    };
    assert_eq!(cutoffs.find(&ann).await.unwrap(), None);
    for one in [
        cutoff(100, Some("t1")),
        cutoff(200, None),
        cutoff(150, Some("t2")),
    ] {
        cutoffs.set(&ann, &one).await.unwrap();
        assert_eq!(cutoffs.find(&ann).await.unwrap(), Some(one), "the last counts");
    }
    assert_eq!(cutoffs.find(&bob).await.unwrap(), None, "each for itself");
    on.ports.identity.accounts.delete(&ann).await.unwrap();
    assert_eq!(cutoffs.find(&ann).await.unwrap(), None, "gone with the account");
}
