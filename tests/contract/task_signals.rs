use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::task::TaskSignals;
use keelson_memory::task::MemorySignals;
use pretty_assertions::assert_eq;

/// What every carrier of stop commands must do; `there` is the same seen from another instance.
pub(super) async fn suite(here: &dyn TaskSignals, there: &dyn TaskSignals) {
    here.stop(&"before".into()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut streams = [here.stops().await.unwrap(), there.stops().await.unwrap()];
    here.stop(&"t1".into()).await.unwrap();
    there.stop(&"t2".into()).await.unwrap();
    for stops in &mut streams {
        let mut heard = Vec::new();
        while let Ok(Some(id)) = tokio::time::timeout(Duration::from_millis(500), stops.next()).await {
            heard.push(id.into_string());
        }
        heard.sort();
        assert_eq!(heard, ["t1", "t2"], "each once, and here too");
    }
}

#[tokio::test]
async fn memory() {
    let signals = MemorySignals::default();
    suite(&signals, &signals).await;
}
