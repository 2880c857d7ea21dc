//! Which statements a database was asked.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use tokio::runtime::{Handle, Id};

/// The statements of each runtime whose test records them: every test has a runtime of its own.
static RECORDED: Mutex<Option<HashMap<Id, Vec<String>>>> = Mutex::new(None);

fn recorded() -> MutexGuard<'static, Option<HashMap<Id, Vec<String>>>> {
    RECORDED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn instrumentation() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        let InstrumentationEvent::StartQuery { query, .. } = event else {
            return;
        };
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        if let Some(statements) = recorded().as_mut().and_then(|all| all.get_mut(&runtime.id())) {
            statements.push(query.to_string());
        }
    }))
}

/// Lets connections that are opened from now on be recorded.
pub(crate) fn record_statements() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| set_default_instrumentation(instrumentation).expect("not poisoned"));
}

/// The statements that the databases of this test are asked while something is done, without those that only hold
/// transactions together.
pub(crate) async fn statements_of<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    let runtime = Handle::current().id();
    recorded().get_or_insert_default().insert(runtime, Vec::new());
    let done = work.await;
    let statements = recorded().as_mut().and_then(|all| all.remove(&runtime));
    let mut statements = statements.expect("recorded");
    statements.retain(|statement| {
        let first = statement.split_whitespace().next().unwrap_or_default();
        !["BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE"].contains(&first)
    });
    (done, statements)
}
