use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::future::ready;
use keelson_domain::realtime::{Dispatch, Dispatches, Fanout};
use keelson_domain::shared::{InstanceId, StoreResult};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// How far an instance may lag behind. One that lags further has lost its connection.
const CAPACITY: usize = 8192;

type Sent = (InstanceId, Dispatch);

/// Connects several instances in one process. Clones are the same hub.
#[derive(Clone)]
pub struct MemoryHub(Arc<Mutex<broadcast::Sender<Sent>>>);

impl Default for MemoryHub {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(broadcast::channel(CAPACITY).0)))
    }
}

impl MemoryHub {
    /// Adds an instance.
    pub fn join(&self, instance: impl Into<InstanceId>) -> MemoryFanout {
        MemoryFanout {
            hub: self.clone(),
            instance: instance.into(),
        }
    }

    /// How many instances receive now.
    pub fn listeners(&self) -> usize {
        self.sender().receiver_count()
    }

    /// Ends every instance's stream, as a restart of a real server would.
    pub fn disconnect_all(&self) {
        *self.sender() = broadcast::channel(CAPACITY).0;
    }

    fn sender(&self) -> MutexGuard<'_, broadcast::Sender<Sent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One instance's connection to the others of its hub.
pub struct MemoryFanout {
    hub: MemoryHub,
    instance: InstanceId,
}

#[async_trait]
impl Fanout for MemoryFanout {
    fn send(&self, dispatch: Dispatch) {
        // Fails when nobody receives, which is no error.
        let _ = self.hub.sender().send((self.instance.clone(), dispatch));
    }

    async fn receive(&self) -> StoreResult<Dispatches> {
        let received = BroadcastStream::new(self.hub.sender().subscribe());
        let own = self.instance.clone();
        let others = received
            // Whoever lagged behind has missed something: the stream ends there.
            .take_while(|sent| ready(sent.is_ok()))
            .filter_map(move |sent| ready(sent.ok().filter(|(from, _)| *from != own)))
            .map(|(_, dispatch)| dispatch);
        Ok(others.boxed())
    }

    fn instance(&self) -> &InstanceId {
        &self.instance
    }
}
