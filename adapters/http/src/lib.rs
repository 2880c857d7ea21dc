//! keelson-http.
