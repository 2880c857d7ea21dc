use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::future::ready;
use keelson_domain::realtime::{Dispatch, Dispatches, Fanout};
use keelson_domain::shared::{InstanceId, StoreResult};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

/// How far an instance may lag behind. One that lags further has lost its line.
const WAITING: usize = 8192;

type Sent = (InstanceId, Dispatch);

/// Where several instances in one process meet. Clones are the same place.
#[derive(Clone)]
pub struct MemoryHub(Arc<Mutex<broadcast::Sender<Sent>>>);

impl Default for MemoryHub {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(broadcast::channel(WAITING).0)))
    }
}

impl MemoryHub {
    /// Lets an instance take part.
    pub fn join(&self, instance: impl Into<InstanceId>) -> MemoryFanout {
        MemoryFanout {
            hub: self.clone(),
            instance: instance.into(),
        }
    }

    /// How many listen now.
    pub fn listeners(&self) -> usize {
        self.line().receiver_count()
    }

    /// Cuts everybody's line, as a restart of a real one would.
    pub fn cut(&self) {
        *self.line() = broadcast::channel(WAITING).0;
    }

    fn line(&self) -> MutexGuard<'_, broadcast::Sender<Sent>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One instance's way to the others of its hub.
pub struct MemoryFanout {
    hub: MemoryHub,
    instance: InstanceId,
}

#[async_trait]
impl Fanout for MemoryFanout {
    fn send(&self, dispatch: Dispatch) {
        // Fails when nobody listens, which is no error.
        let _ = self.hub.line().send((self.instance.clone(), dispatch));
    }

    async fn receive(&self) -> StoreResult<Dispatches> {
        let line = BroadcastStream::new(self.hub.line().subscribe());
        let own = self.instance.clone();
        let others = line
            // Whoever lagged behind has missed something: the line ends there.
            .take_while(|sent| ready(sent.is_ok()))
            .filter_map(move |sent| ready(sent.ok().filter(|(from, _)| *from != own)))
            .map(|(_, dispatch)| dispatch);
        Ok(others.boxed())
    }

    fn instance(&self) -> &InstanceId {
        &self.instance
    }
}
