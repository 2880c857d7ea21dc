use keelson_domain::system::StorageHealth;

/// What everything that is asked for its health must do.
pub(super) async fn suite(health: &dyn StorageHealth) {
    health.ping().await.unwrap();
}
