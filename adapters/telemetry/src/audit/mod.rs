//! The audit log as a file of JSON lines, written by a thread of its own.

mod rotating;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};

use async_trait::async_trait;
use keelson_domain::audit::{AuditEntry, AuditSink};
use tokio::sync::oneshot;

use rotating::RotatingFile;
use writer::{Message, write_all};

/// How many entries may be queued. An entry is a few kilobytes, so that this is some megabytes at most.
const QUEUE: usize = 4096;

/// Where the audit log goes.
#[derive(Debug, Clone)]
pub struct AuditOptions {
    /// The file that is written to; rotated files are beside it, compressed.
    pub file: PathBuf,
    /// From which size on the file is rotated, in bytes.
    pub rotate_at: u64,
}

/// The audit log cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the audit log {} cannot be written: {source}", .file.display())]
pub struct AuditError {
    file: PathBuf,
    source: std::io::Error,
}

/// Writes audit entries to a file. Recording an entry queues it; no caller waits for the disk.
pub struct AuditFile {
    queue: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl AuditFile {
    /// Opens the file and starts the writer thread, which ends with this value.
    ///
    /// # Errors
    /// When the file cannot be opened, or no thread can be started.
    pub fn open(options: &AuditOptions) -> Result<Self, AuditError> {
        let failed = |source| AuditError {
            file: options.file.clone(),
            source,
        };
        let file = RotatingFile::open(&options.file, options.rotate_at).map_err(failed)?;
        let (queue, queued) = sync_channel(QUEUE);
        let counter = Arc::new(AtomicU64::new(0));
        let dropped = counter.clone();
        std::thread::Builder::new()
            .name("audit".to_owned())
            .spawn(move || write_all(file, &queued, &dropped))
            .map_err(failed)?;
        Ok(Self {
            queue,
            dropped: counter,
        })
    }
}

#[async_trait]
impl AuditSink for AuditFile {
    fn record(&self, entry: AuditEntry) {
        match self.queue.try_send(Message::Entry(Box::new(entry))) {
            Ok(()) => {}
            // The writer logs how many were dropped.
            Err(TrySendError::Full(_)) => {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
            Err(TrySendError::Disconnected(_)) => {
                tracing::error!("the audit log is no longer written: its writer thread ended");
            }
        }
    }

    async fn flush(&self) {
        let (done, flushed) = oneshot::channel();
        let queue = self.queue.clone();
        let sent = tokio::task::spawn_blocking(move || queue.send(Message::Flush(done)).is_ok()).await;
        // Without the thread there is nothing to wait for.
        if sent.unwrap_or(false) && flushed.await.is_err() {
            tracing::error!("the audit log's writer thread ended before everything was written");
        }
    }
}
