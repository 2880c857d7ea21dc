//! One integration-test binary: contract suites, HTTP trees, realtime, architecture.

mod architecture;
mod realtime;
