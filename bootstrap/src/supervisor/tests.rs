use std::io::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keelson_domain::shared::StoreError;

use super::*;

/// What one run does.
#[derive(Clone, Copy)]
enum Run {
    Fail,
    Panic,
    PanicBeforeAwait,
    End,
    LastFor(Duration),
    UntilStopped,
    IgnoreStop,
}

/// Short delays; but a run is healthy only after a while, so that a slow machine does not see one.
const FAST: RestartPolicy = RestartPolicy {
    first_delay: Duration::from_millis(1),
    max_delay: Duration::from_millis(4),
    healthy_after: Duration::from_secs(2),
    stop_timeout: Duration::from_millis(50),
};

fn supervisor(policy: RestartPolicy) -> Supervisor {
    Supervisor::with_policy(policy, CancellationToken::new(), Readiness::default())
}

/// Starts a loop whose runs do these things one after the other, the last one again and again; counts the runs.
fn spawn(supervisor: &Supervisor, name: &'static str, runs: Vec<Run>) -> Arc<AtomicUsize> {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    supervisor.spawn(name, move |stop| {
        let index = counter.fetch_add(1, Ordering::SeqCst);
        let run = runs[index.min(runs.len() - 1)];
        assert!(!matches!(run, Run::PanicBeforeAwait), "a bug at once");
        async move {
            match run {
                Run::Fail => return Err(Error::other("no connection")),
                Run::LastFor(long) => {
                    tokio::time::sleep(long).await;
                    return Err(Error::other("lost"));
                }
                Run::Panic | Run::PanicBeforeAwait => panic!("a bug"),
                Run::End => {}
                Run::UntilStopped => stop.cancelled().await,
                Run::IgnoreStop => std::future::pending().await,
            }
            Ok(())
        }
    });
    count
}

async fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("never: {what}");
}

fn only(supervisor: &Supervisor) -> LoopState {
    let states = supervisor.states();
    assert_eq!(states.len(), 1);
    states[0].clone()
}

fn fails(supervisor: &Supervisor) -> bool {
    matches!(only(supervisor).status, LoopStatus::Failing(_))
}

#[tokio::test]
async fn failures_panics_and_ends_restart_a_loop_until_it_is_healthy() {
    let supervisor = supervisor(FAST);
    let runs = vec![
        Run::Fail,
        Run::Panic,
        Run::PanicBeforeAwait,
        Run::End,
        Run::LastFor(Duration::from_millis(5)),
        Run::UntilStopped,
    ];
    let count = spawn(&supervisor, "work", runs);
    eventually("the last run", || count.load(Ordering::SeqCst) == 6).await;
    assert!(fails(&supervisor), "it does not run for long yet");
    let report = supervisor.readiness.report();
    assert_eq!((report.ready, report.degraded), (true, vec!["work"]));
    eventually("it is healthy", || !fails(&supervisor)).await;
    let state = only(&supervisor);
    assert!(matches!(state.status, LoopStatus::Running(_)));
    assert_eq!((state.name, state.restarts), ("work", 5));
    assert!(supervisor.readiness.report().degraded.is_empty());
}

#[tokio::test]
async fn loops_stop_with_the_token() {
    let slow = RestartPolicy {
        first_delay: Duration::from_secs(3600),
        ..FAST
    };
    // One that stops, one that waits for its restart, one that ignores the token.
    for run in [Run::UntilStopped, Run::Fail, Run::IgnoreStop] {
        let supervisor = supervisor(slow);
        let count = spawn(&supervisor, "work", vec![run]);
        eventually("it starts", || count.load(Ordering::SeqCst) == 1).await;
        supervisor.stop.cancel();
        tokio::time::timeout(Duration::from_secs(10), supervisor.wait_until_ended())
            .await
            .expect("it ends in time");
        assert_eq!(only(&supervisor).status, LoopStatus::Stopped);
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_loop_that_has_stopped_did_not_fail() {
    let supervisor = supervisor(FAST);
    supervisor.stop.cancel();
    let count = spawn(&supervisor, "late", vec![Run::UntilStopped]);
    supervisor.wait_until_ended().await;
    assert_eq!(count.load(Ordering::SeqCst), 0);
    assert!(supervisor.readiness.report().degraded.is_empty());
}

#[tokio::test]
async fn loops_do_not_wait_for_each_other() {
    let supervisor = supervisor(FAST);
    let failing = spawn(&supervisor, "work", vec![Run::Fail]);
    let running = spawn(&supervisor, "other", vec![Run::UntilStopped]);
    eventually("many restarts", || failing.load(Ordering::SeqCst) > 20).await;
    assert_eq!(running.load(Ordering::SeqCst), 1);
    let names: Vec<_> = supervisor.states().iter().map(|state| state.name).collect();
    assert_eq!(names, ["other", "work"]);
    assert_eq!(supervisor.readiness.report().degraded, ["work"]);
}

#[test]
fn an_error_is_reported_with_its_sources() {
    let error = StoreError::unavailable(Error::other("no connection"));
    assert_eq!(error_chain(&error), "the store is unavailable: no connection");
}
