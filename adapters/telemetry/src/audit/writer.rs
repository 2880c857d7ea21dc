//! The thread that waits for the disk.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;

use keelson_domain::audit::AuditEntry;
use tokio::sync::oneshot;

use super::rotating::RotatingFile;

/// What the thread is told.
pub(super) enum Message {
    /// Write this.
    Entry(Box<AuditEntry>),
    /// Say when everything before was written.
    Flush(oneshot::Sender<()>),
}

/// Writes until nobody can send any more.
pub(super) fn write_all(mut file: RotatingFile, waiting: &Receiver<Message>, lost: &AtomicU64) {
    let mut failing = 0_u64;
    while let Ok(message) = waiting.recv() {
        match message {
            Message::Entry(entry) => match write(&mut file, &entry) {
                Ok(()) if failing > 0 => {
                    tracing::warn!(lost = failing, "the audit log can be written again");
                    failing = 0;
                }
                Ok(()) => {}
                Err(error) => {
                    if failing == 0 {
                        tracing::error!(%error, "the audit log cannot be written; entries are lost");
                    }
                    failing += 1;
                }
            },
            // Whoever asked may have gone; that is no loss.
            Message::Flush(done) => _ = done.send(()),
        }
        let missed = lost.swap(0, Ordering::Relaxed);
        if missed > 0 {
            tracing::error!(lost = missed, "the audit log could not keep up; entries are lost");
        }
    }
}

fn write(file: &mut RotatingFile, entry: &AuditEntry) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(entry)?;
    line.push(b'\n');
    file.append(&line)
}
