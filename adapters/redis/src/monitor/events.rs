use fred::error::{Error, ErrorKind};
use fred::prelude::*;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// A change of a client's connection.
pub(super) enum ConnectionEvent {
    /// A new connection was made.
    Connected,
    /// The connection was lost, with the reason.
    Lost(String),
}

/// The connection events of both clients, as one stream.
pub(super) struct ConnectionEvents {
    connected: [broadcast::Receiver<Server>; 2],
    errors: [broadcast::Receiver<(Error, Option<Server>)>; 2],
}

impl ConnectionEvents {
    pub(super) fn subscribe(clients: &[&Client; 2]) -> Self {
        Self {
            connected: clients.map(|client| client.reconnect_rx()),
            errors: clients.map(|client| client.error_rx()),
        }
    }

    /// Waits for the next event.
    pub(super) async fn next(&mut self) -> ConnectionEvent {
        let [first, second] = &mut self.connected;
        let [first_error, second_error] = &mut self.errors;
        tokio::select! {
            server = first.recv() => read_connected(server).await,
            server = second.recv() => read_connected(server).await,
            error = first_error.recv() => read_error(error).await,
            error = second_error.recv() => read_error(error).await,
        }
    }

    /// Takes all events that are queued behind `first`; returns the reason of the first loss among them, if any.
    pub(super) fn drain(&mut self, first: ConnectionEvent) -> Option<String> {
        let mut reason = match first {
            ConnectionEvent::Connected => None,
            ConnectionEvent::Lost(reason) => Some(reason),
        };
        for connected in &mut self.connected {
            while connected.try_recv().is_ok() {}
        }
        for errors in &mut self.errors {
            while let Ok((error, _)) = errors.try_recv() {
                if *error.kind() != ErrorKind::Cluster {
                    reason.get_or_insert_with(|| error.to_string());
                }
            }
        }
        reason
    }
}

async fn read_connected(event: Result<Server, RecvError>) -> ConnectionEvent {
    match event {
        Ok(_) | Err(RecvError::Lagged(_)) => ConnectionEvent::Connected,
        // The client has ended; the heartbeat notices.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}

async fn read_error(event: Result<(Error, Option<Server>), RecvError>) -> ConnectionEvent {
    match event {
        // Slots moved to another node: the connections to the others still work.
        Ok((error, _)) if *error.kind() == ErrorKind::Cluster => ConnectionEvent::Connected,
        Ok((error, _)) => ConnectionEvent::Lost(error.to_string()),
        Err(RecvError::Lagged(_)) => ConnectionEvent::Lost("many errors".to_owned()),
        Err(RecvError::Closed) => std::future::pending().await,
    }
}
