//! The thread that writes to the disk.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;

use keelson_domain::audit::AuditEntry;
use tokio::sync::oneshot;

use super::rotating::RotatingFile;

/// What the thread receives.
pub(super) enum Message {
    /// Write this entry.
    Entry(Box<AuditEntry>),
    /// Answer once everything before was written.
    Flush(oneshot::Sender<()>),
}

/// Writes until the sender is dropped.
pub(super) fn write_all(mut file: RotatingFile, queued: &Receiver<Message>, dropped: &AtomicU64) {
    let mut failed = 0_u64;
    while let Ok(message) = queued.recv() {
        match message {
            Message::Entry(entry) => match write(&mut file, &entry) {
                Ok(()) if failed > 0 => {
                    tracing::warn!(
                        entries = failed,
                        "the audit log can be written again; entries were lost meanwhile"
                    );
                    failed = 0;
                }
                Ok(()) => {}
                Err(error) => {
                    if failed == 0 {
                        tracing::error!(%error, "the audit log cannot be written; entries are lost");
                    }
                    failed += 1;
                }
            },
            // Fails when the caller has stopped waiting.
            Message::Flush(done) => _ = done.send(()),
        }
        let dropped = dropped.swap(0, Ordering::Relaxed);
        if dropped > 0 {
            tracing::error!(
                entries = dropped,
                "the audit log's queue was full; entries were dropped"
            );
        }
    }
}

fn write(file: &mut RotatingFile, entry: &AuditEntry) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    file.append(&line)
}
