//! keelson-providers.
