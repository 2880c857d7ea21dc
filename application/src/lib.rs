//! keelson-application.
