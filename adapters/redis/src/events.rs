use fred::error::{Error, ErrorKind};
use fred::prelude::*;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// Something became of a connection.
pub(crate) enum Event {
    /// It is new.
    Connected,
    /// It was lost: why.
    Lost(String),
}

/// What the clients tell of their connections.
pub(crate) struct Events {
    connected: [broadcast::Receiver<Server>; 2],
    errors: [broadcast::Receiver<(Error, Option<Server>)>; 2],
}

impl Events {
    pub(crate) fn of(clients: &[&Client; 2]) -> Self {
        Self {
            connected: clients.map(|client| client.reconnect_rx()),
            errors: clients.map(|client| client.error_rx()),
        }
    }

    /// The next event.
    pub(crate) async fn next(&mut self) -> Event {
        let [connected, heard] = &mut self.connected;
        let [error, deaf] = &mut self.errors;
        tokio::select! {
            server = connected.recv() => connection(server).await,
            server = heard.recv() => connection(server).await,
            error = error.recv() => loss(error).await,
            error = deaf.recv() => loss(error).await,
        }
    }

    /// Takes whatever else was told by now; the reason, if any of it was a loss.
    pub(crate) fn rest(&mut self, first: Event) -> Option<String> {
        let mut reason = match first {
            Event::Connected => None,
            Event::Lost(reason) => Some(reason),
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

async fn connection(event: Result<Server, RecvError>) -> Event {
    match event {
        Ok(_) | Err(RecvError::Lagged(_)) => Event::Connected,
        // Closed for good: the heartbeat sees the rest.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}

async fn loss(event: Result<(Error, Option<Server>), RecvError>) -> Event {
    match event {
        Ok((error, _)) if *error.kind() == ErrorKind::Cluster => Event::Connected,
        Ok((error, _)) => Event::Lost(error.to_string()),
        Err(RecvError::Lagged(_)) => Event::Lost("many errors".to_owned()),
        Err(RecvError::Closed) => std::future::pending().await,
    }
}
