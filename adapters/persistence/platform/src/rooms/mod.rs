use super::{Database, RunQueryDsl, dialect};

mod config;

pub(crate) use config::Settings;
