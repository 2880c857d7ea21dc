use std::collections::{BTreeMap, HashMap, HashSet};

use super::SocketId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// How long a connection counts as using a model after it said so, in seconds: the reference's time-out.
pub const USAGE_SECONDS: i64 = 3;

/// How many models one connection may use at once; beyond it the oldest is forgotten, so that no client can fill the
/// memory.
const MODELS_PER_CONNECTION: usize = 16;

/// Authenticated connections and the models they use: what a presence store keeps, without its locks.
#[derive(Debug, Default)]
pub struct Connections {
    connections: HashMap<SocketId, Connection>,
    by_user: HashMap<UserId, HashSet<SocketId>>,
}

#[derive(Debug)]
struct Connection {
    user: UserId,
    models: Vec<(String, Timestamp)>,
}

impl Connections {
    /// Adds a connection, or hands a known one over to another user.
    pub fn enter(&mut self, socket: SocketId, user: UserId) {
        if self
            .connections
            .get(&socket)
            .is_some_and(|connection| connection.user == user)
        {
            return;
        }
        self.exit(&socket);
        self.by_user
            .entry(user.clone())
            .or_default()
            .insert(socket.clone());
        let models = Vec::new();
        self.connections.insert(socket, Connection { user, models });
    }

    /// Removes a connection and forgets what it used.
    pub fn exit(&mut self, socket: &SocketId) {
        let Some(connection) = self.connections.remove(socket) else {
            return;
        };
        if let Some(sockets) = self.by_user.get_mut(&connection.user) {
            sockets.remove(socket);
            if sockets.is_empty() {
                self.by_user.remove(&connection.user);
            }
        }
    }

    /// The user of a connection.
    pub fn user_of(&self, socket: &SocketId) -> Option<UserId> {
        self.connections
            .get(socket)
            .map(|connection| connection.user.clone())
    }

    /// All sockets, in no order.
    pub fn sockets(&self) -> impl Iterator<Item = &SocketId> {
        self.connections.keys()
    }

    /// The sockets of a user, in no order.
    pub fn sockets_of(&self, user: &UserId) -> Vec<SocketId> {
        self.by_user
            .get(user)
            .map(|sockets| sockets.iter().cloned().collect())
            .unwrap_or_default()
    }

    /// Records that a connection uses a model; false for an unknown one.
    pub fn use_model(&mut self, socket: &SocketId, model: &str, now: Timestamp) -> bool {
        let Some(connection) = self.connections.get_mut(socket) else {
            return false;
        };
        connection
            .models
            .retain(|(used, at)| used != model && !is_expired(*at, now));
        if connection.models.len() == MODELS_PER_CONNECTION {
            connection.models.remove(0);
        }
        connection.models.push((model.to_owned(), now));
        true
    }

    /// The models in use, sorted; forgets expired ones.
    pub fn models_in_use(&mut self, now: Timestamp) -> Vec<String> {
        let mut models = BTreeMap::new();
        for connection in self.connections.values_mut() {
            connection.models.retain(|(_, at)| !is_expired(*at, now));
            models.extend(connection.models.iter().map(|(model, _)| (model.clone(), ())));
        }
        models.into_keys().collect()
    }
}

fn is_expired(at: Timestamp, now: Timestamp) -> bool {
    now > at.plus_seconds(USAGE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_connection_that_changes_its_user_loses_its_models() {
        let mut connections = Connections::default();
        connections.enter("s".into(), "ann".into());
        assert!(connections.use_model(&"s".into(), "m", at(0)));
        connections.enter("s".into(), "bob".into());
        assert_eq!(connections.user_of(&"s".into()), Some("bob".into()));
        assert!(connections.sockets_of(&"ann".into()).is_empty());
        assert!(connections.models_in_use(at(0)).is_empty());
    }

    #[test]
    fn usage_ends_after_three_seconds_unless_renewed() {
        let mut connections = Connections::default();
        connections.enter("s".into(), "ann".into());
        connections.use_model(&"s".into(), "old", at(0));
        connections.use_model(&"s".into(), "kept", at(0));
        connections.use_model(&"s".into(), "kept", at(2));
        assert_eq!(connections.models_in_use(at(3)), ["kept", "old"]);
        assert_eq!(connections.models_in_use(at(4)), ["kept"]);
        assert!(connections.models_in_use(at(6)).is_empty());
    }

    #[test]
    fn unknown_sockets_use_nothing_and_the_number_of_models_is_bounded() {
        let mut connections = Connections::default();
        assert!(!connections.use_model(&"s".into(), "m", at(0)));
        connections.enter("s".into(), "ann".into());
        for model in 0..1000 {
            connections.use_model(&"s".into(), &model.to_string(), at(0));
        }
        assert_eq!(connections.models_in_use(at(0)).len(), MODELS_PER_CONNECTION);
    }
}
