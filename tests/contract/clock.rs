use keelson_domain::shared::Clock;
use keelson_memory::shared::{FakeClock, SystemClock};

/// What every clock must do: it never goes back.
fn suite(clock: &dyn Clock) {
    let readings: Vec<_> = (0..100).map(|_| clock.now()).collect();
    assert!(readings.is_sorted());
}

#[test]
fn system() {
    suite(&SystemClock);
    let seconds = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs();
    assert!(
        SystemClock.now().seconds().abs_diff(seconds as i64) <= 5,
        "since the Unix epoch"
    );
}

#[test]
fn fake() {
    let clock = FakeClock::at(7);
    suite(&clock);
    assert_eq!(clock.now().seconds(), 7);
}
