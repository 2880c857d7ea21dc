use crate::rooms::Suite;
use keelson_domain::system::StorageHealth;

inventory::submit! {
    Suite { name: "storage_health", run: |on| Box::pin(suite(&*on.ports.system.storage_health)) }
}

/// What everything that is asked for its health must do.
async fn suite(health: &dyn StorageHealth) {
    health.ping().await.unwrap();
}
