//! Settings in use: an immutable snapshot that readers share, replaced as a whole by changes.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use keelson_domain::config::Snapshot;

/// The settings in force. A read is one atomic load: no lock, no IO.
pub struct Settings {
    current: ArcSwap<Snapshot>,
}

impl Settings {
    /// Starts with a snapshot.
    pub fn new(snapshot: Snapshot) -> Self {
        Self {
            current: ArcSwap::from_pointee(snapshot),
        }
    }

    /// The settings now. Take it once a request, so that one request sees one state.
    pub fn current(&self) -> Guard<Arc<Snapshot>> {
        self.current.load()
    }
}
