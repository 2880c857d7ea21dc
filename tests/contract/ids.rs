use std::collections::HashSet;

use keelson_domain::shared::Ids;
use keelson_memory::shared::{CountingIds, RandomIds};
use pretty_assertions::assert_eq;

/// What every source of identifiers must do.
fn suite(ids: &dyn Ids) {
    let uuids: HashSet<_> = (0..100).map(|_| ids.uuid()).collect();
    assert_eq!(uuids.len(), 100, "each is fresh");
    assert!(uuids.iter().all(|uuid| uuid.get_version_num() == 4));
    let secrets: HashSet<_> = (0..100).map(|_| ids.secret_bytes()).collect();
    assert_eq!(secrets.len(), 100);
    assert!((0..100).all(|_| ids.pick(3) < 3));
    assert_eq!((ids.pick(0), ids.pick(1)), (0, 0));
}

#[test]
fn random() {
    suite(&RandomIds);
    let picked: HashSet<_> = (0..200).map(|_| RandomIds.pick(3)).collect();
    assert_eq!(picked.len(), 3, "each of the numbers comes");
}

#[test]
fn counting() {
    suite(&CountingIds::default());
}
