//! The binary as the tests start it: `keelson`, built with them.

use std::process::ExitCode;

fn main() -> ExitCode {
    keelson::commands::run()
}
