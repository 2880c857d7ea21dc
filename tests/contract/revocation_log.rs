use keelson_domain::auth::RevocationLog;
use keelson_domain::shared::Timestamp;
use pretty_assertions::assert_eq;

use crate::rooms::Suite;

inventory::submit! {
    Suite { name: "revocation_log", run: |on| Box::pin(suite(&*on.ports.identity.revocations)) }
}

async fn suite(log: &dyn RevocationLog) {
    let at = Timestamp::from_seconds;
    assert_eq!(log.load(at(0)).await.unwrap(), []);
    log.add("short", Some(at(100))).await.unwrap();
    log.add("long", Some(at(200))).await.unwrap();
    log.add("ever", None).await.unwrap();
    log.add("long", Some(at(200))).await.unwrap();
    for (now, expected) in [
        (
            99,
            vec![("ever", None), ("long", Some(at(200))), ("short", Some(at(100)))],
        ),
        (100, vec![("ever", None), ("long", Some(at(200)))]),
        (0, vec![("ever", None), ("long", Some(at(200)))]),
        (300, vec![("ever", None)]),
    ] {
        let mut found = log.load(at(now)).await.unwrap();
        found.sort();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(id, until): (&str, _)| (id.to_owned(), until))
            .collect();
        assert_eq!(found, expected, "{now}");
    }
}
