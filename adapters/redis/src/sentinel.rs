//! Asks the sentinels who the master is. A master that was paused while another was elected acts as one again when it
//! resumes, until the sentinels demote it some ten seconds later; an instance that stays connected to it receives
//! nothing from the others.

use std::time::Duration;

use fred::error::{Error, ErrorKind};
use fred::prelude::*;
use fred::types::{ClusterHash, CustomCommand};

use crate::connect;
use crate::options::{Address, Mode};

/// How long one sentinel may take before the next one is asked.
const TIMEOUT: Duration = Duration::from_millis(750);

/// The master's host and port; none without sentinels, and when none of them answers.
pub(crate) async fn master(address: &Address) -> Option<(String, u16)> {
    let Mode::Sentinel { hosts } = &address.mode else {
        return None;
    };
    for (host, port) in hosts {
        match tokio::time::timeout(TIMEOUT, query(address, host, *port)).await {
            Ok(Ok(Some(master))) => return Some(master),
            Ok(Ok(None)) => {}
            Ok(Err(error)) => {
                tracing::debug!(sentinel = host, %error, "a sentinel did not name the master")
            }
            Err(_) => tracing::debug!(sentinel = host, "a sentinel did not answer"),
        }
    }
    None
}

async fn query(address: &Address, host: &str, port: u16) -> Result<Option<(String, u16)>, Error> {
    let config = Config {
        server: ServerConfig::new_centralized(host, port),
        fail_fast: true,
        tls: connect::tls_config(address)
            .map_err(|error| Error::new(ErrorKind::Config, error.to_string()))?,
        ..Config::default()
    };
    let sentinel = Builder::from_config(config).build()?;
    sentinel.init().await?;
    let command = CustomCommand::new_static("SENTINEL", ClusterHash::FirstKey, false);
    let arguments = vec!["get-master-addr-by-name", address.host.as_str()];
    let answer: Result<Option<(String, u16)>, Error> = sentinel.custom(command, arguments).await;
    sentinel.quit().await?;
    answer
}
