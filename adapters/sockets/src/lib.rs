//! keelson-sockets.
