//! How the real binary starts on what it cannot use: it fails with a line that says what is wrong and what to do, and
//! changes nothing. And how several processes start on one database.

mod concurrent_processes;
mod database_urls;
mod databases;
mod environment;
mod log_lines;
mod postgres;
mod postgres_tls;
mod variables;
