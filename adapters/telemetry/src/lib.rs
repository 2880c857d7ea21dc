//! keelson-telemetry.
