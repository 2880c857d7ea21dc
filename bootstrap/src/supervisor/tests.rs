use std::io::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keelson_domain::shared::StoreError;

use super::*;

/// What a pass does.
#[derive(Clone, Copy)]
enum Act {
    Fail,
    Panic,
    PanicAtOnce,
    End,
    RunFor(Duration),
    Run,
    Ignore,
}

/// Short pauses; but a run is good only after a while, so that a slow machine does not see one.
const HASTE: Pace = Pace {
    first_pause: Duration::from_millis(1),
    longest_pause: Duration::from_millis(4),
    good: Duration::from_secs(2),
    farewell: Duration::from_millis(50),
};

fn supervisor(pace: Pace) -> Supervisor {
    Supervisor::with(pace, CancellationToken::new(), Readiness::default())
}

/// Keeps a loop whose passes do these things one after the other, the last one again and again; counts them.
fn keep(supervisor: &Supervisor, name: &'static str, acts: Vec<Act>) -> Arc<AtomicUsize> {
    let passes = Arc::new(AtomicUsize::new(0));
    let counted = passes.clone();
    supervisor.keep(name, move |stop| {
        let pass = counted.fetch_add(1, Ordering::SeqCst);
        let act = acts[pass.min(acts.len() - 1)];
        assert!(!matches!(act, Act::PanicAtOnce), "a bug at once");
        async move {
            match act {
                Act::Fail => return Err(Error::other("no line")),
                Act::RunFor(long) => {
                    tokio::time::sleep(long).await;
                    return Err(Error::other("lost"));
                }
                Act::Panic | Act::PanicAtOnce => panic!("a bug"),
                Act::End => {}
                Act::Run => stop.cancelled().await,
                Act::Ignore => std::future::pending().await,
            }
            Ok(())
        }
    });
    passes
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
    matches!(only(supervisor).standing, Standing::Failing(_))
}

#[tokio::test]
async fn failures_panics_and_ends_start_a_loop_again_until_it_runs_well() {
    let supervisor = supervisor(HASTE);
    let acts = vec![
        Act::Fail,
        Act::Panic,
        Act::PanicAtOnce,
        Act::End,
        Act::RunFor(Duration::from_millis(5)),
        Act::Run,
    ];
    let passes = keep(&supervisor, "work", acts);
    eventually("the last pass", || passes.load(Ordering::SeqCst) == 6).await;
    assert!(fails(&supervisor), "it does not run for long yet");
    let report = supervisor.readiness.report();
    assert_eq!((report.ready, report.degraded), (true, vec!["work"]));
    eventually("it is well", || !fails(&supervisor)).await;
    let state = only(&supervisor);
    assert!(matches!(state.standing, Standing::Running(_)));
    assert_eq!((state.name, state.restarts), ("work", 5));
    assert!(supervisor.readiness.report().degraded.is_empty());
}

#[tokio::test]
async fn loops_stop_when_told_to() {
    let patient = Pace {
        first_pause: Duration::from_secs(3600),
        ..HASTE
    };
    // One that listens, one in its pause, one that does not listen.
    for act in [Act::Run, Act::Fail, Act::Ignore] {
        let supervisor = supervisor(patient);
        let passes = keep(&supervisor, "work", vec![act]);
        eventually("it begins", || passes.load(Ordering::SeqCst) == 1).await;
        supervisor.stop.cancel();
        tokio::time::timeout(Duration::from_secs(10), supervisor.ended())
            .await
            .expect("it ends in time");
        assert_eq!(only(&supervisor).standing, Standing::Stopped);
        assert_eq!(passes.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_loop_that_has_stopped_did_not_fail() {
    let supervisor = supervisor(HASTE);
    supervisor.stop.cancel();
    let passes = keep(&supervisor, "late", vec![Act::Run]);
    supervisor.ended().await;
    assert_eq!(passes.load(Ordering::SeqCst), 0);
    assert!(supervisor.readiness.report().degraded.is_empty());
}

#[tokio::test]
async fn loops_do_not_wait_for_each_other() {
    let supervisor = supervisor(HASTE);
    let failing = keep(&supervisor, "work", vec![Act::Fail]);
    let running = keep(&supervisor, "other", vec![Act::Run]);
    eventually("many restarts", || failing.load(Ordering::SeqCst) > 20).await;
    assert_eq!(running.load(Ordering::SeqCst), 1);
    let names: Vec<_> = supervisor.states().iter().map(|state| state.name).collect();
    assert_eq!(names, ["other", "work"]);
    assert_eq!(supervisor.readiness.report().degraded, ["work"]);
}

#[test]
fn an_error_is_told_with_all_that_lies_under_it() {
    let error = StoreError::unavailable(Error::other("no line"));
    assert_eq!(chain(&error), "the store is unavailable: no line");
}
