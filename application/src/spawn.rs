//! The one place where the core starts work that nobody waits for.

use std::fmt::Display;
use std::future::Future;

/// Runs short work in the background; a failure is logged under its name.
#[expect(clippy::disallowed_methods, reason = "the one place: it logs what fails")]
pub fn detached<E: Display + Send + 'static>(
    name: &'static str,
    work: impl Future<Output = Result<(), E>> + Send + 'static,
) {
    tokio::spawn(async move {
        if let Err(error) = work.await {
            tracing::warn!(work = name, %error, "background work failed");
        }
    });
}

/// Runs work whose end somebody waits for at shutdown.
#[expect(clippy::disallowed_methods, reason = "the one place: the tracker knows it")]
pub(crate) fn tracked(
    tracker: &tokio_util::task::TaskTracker,
    work: impl Future<Output = ()> + Send + 'static,
) {
    tokio::spawn(tracker.track_future(work));
}
