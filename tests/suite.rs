//! One integration-test binary: contract suites, HTTP trees, access, realtime, startup, architecture.
//!
//! Each module says `cfg(test)`, which is true anyway: clippy lets helpers unwrap only there.

#[cfg(test)]
mod access;
#[cfg(test)]
mod adoption;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod http;
#[cfg(test)]
mod realtime;
#[cfg(test)]
mod settings_table;
#[cfg(test)]
mod startup;
#[cfg(test)]
mod support;
