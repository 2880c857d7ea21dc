//! When connections are looked at before their use: a server that ends says so on the connections that it answers on, a
//! moment before it closes all of them. Whoever was told so must not meet it again on the next one.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long connections are suspect after a statement failed.
const SUSPICION: Duration = Duration::from_secs(5);

/// When a statement failed last, on any connection of this process: it need not have been the server's end, and a look
/// costs little.
static FAILED_AT: Mutex<Option<Instant>> = Mutex::new(None);

/// Notes that a statement failed for a reason of which nobody knows.
pub(crate) fn note_failure() {
    *FAILED_AT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
}

/// Whether one did a moment ago.
pub(super) fn is_raised() -> bool {
    let failed_at = *FAILED_AT.lock().unwrap_or_else(PoisonError::into_inner);
    failed_at.is_some_and(|at| at.elapsed() < SUSPICION)
}
