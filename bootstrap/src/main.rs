//! The `keelson` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    keelson::commands::run()
}
