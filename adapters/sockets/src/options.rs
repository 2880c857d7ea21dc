use std::time::Duration;

use poem::http::HeaderValue;
use socketioxide::{SocketIo, SocketIoBuilder, TransportType};

/// How many packets may be queued for one client. One that lags further behind is disconnected: it then reconnects and
/// reads the stored state, while missing events would go unnoticed. At 30 events a second this is over two minutes, and
/// a dead client is found by its missing pong before that.
const MAX_QUEUED_PACKETS: usize = 4096;

/// The largest message a client may send, in bytes: the reference's 1 MB.
const MAX_MESSAGE: usize = 1_000_000;

/// How clients connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Websockets only (`ENABLE_WEBSOCKET_SUPPORT=true`).
    Websocket,
    /// HTTP polling only.
    Polling,
}

/// Which origins may connect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Any.
    Any,
    /// These, and the server's own (`CORS_ALLOW_ORIGIN`).
    Listed(Vec<String>),
}

impl Origins {
    /// Whether a page of this origin may connect to `host`. Clients other than browsers send no origin.
    pub(crate) fn allow(&self, origin: Option<&HeaderValue>, host: Option<&str>) -> bool {
        let (Self::Listed(listed), Some(origin)) = (self, origin) else {
            return true;
        };
        let own = |origin: &str| {
            host.is_some_and(|host| origin.split_once("://").is_some_and(|(_, name)| name == host))
        };
        origin
            .to_str()
            .is_ok_and(|origin| own(origin) || listed.iter().any(|allowed| allowed == origin))
    }
}

/// What the operator fixed about sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How clients connect.
    pub transport: Transport,
    /// How often a client is pinged (`WEBSOCKET_SERVER_PING_INTERVAL`).
    pub ping_interval: Duration,
    /// How long it may take to answer a ping, and to read what is sent (`WEBSOCKET_SERVER_PING_TIMEOUT`).
    pub ping_timeout: Duration,
    /// Which origins may connect.
    pub origins: Origins,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            transport: Transport::Websocket,
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            origins: Origins::Any,
        }
    }
}

impl Options {
    pub(crate) fn builder(&self) -> SocketIoBuilder {
        let transport = match self.transport {
            Transport::Websocket => TransportType::Websocket,
            Transport::Polling => TransportType::Polling,
        };
        SocketIo::builder()
            .transports([transport])
            .ping_interval(self.ping_interval)
            .ping_timeout(self.ping_timeout)
            .max_buffer_size(MAX_QUEUED_PACKETS)
            .max_payload(MAX_MESSAGE as u64)
            .ws_max_message_size(MAX_MESSAGE)
            .ws_max_frame_size(MAX_MESSAGE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_origins_connect_only_if_listed() {
        let origins = Origins::Listed(vec!["https://a.example".to_owned()]);
        let ask = |origin: &'static str| {
            origins.allow(Some(&HeaderValue::from_static(origin)), Some("own.example:8080"))
        };
        assert!(ask("https://a.example"));
        assert!(ask("http://own.example:8080"));
        assert!(!ask("http://own.example"));
        assert!(!ask("https://b.example"));
        assert!(!ask("null"));
        assert!(origins.allow(None, None));
        assert!(Origins::Any.allow(Some(&HeaderValue::from_static("https://b.example")), None));
    }
}
