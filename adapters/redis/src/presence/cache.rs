use std::collections::HashMap;
use std::sync::Arc;

use keelson_domain::realtime::{Connections, SocketId};
use keelson_domain::user::UserId;

/// Who is connected, as far as this process knows.
#[derive(Default)]
pub(super) struct PresenceCache {
    /// The connections of this instance.
    pub(super) own: Connections,
    /// What the pool holds of each of them.
    own_json: HashMap<SocketId, Arc<str>>,
    /// The connections of all other instances.
    pub(super) others: Connections,
    /// Changes that were applied while a scan runs.
    changed_during_scan: Option<HashMap<SocketId, Option<UserId>>>,
}

impl PresenceCache {
    /// A connection of this instance opened, or changed its user.
    pub(super) fn enter(&mut self, socket: SocketId, user: UserId, json: Arc<str>) {
        self.own.enter(socket.clone(), user);
        self.own_json.insert(socket, json);
    }

    /// A connection closed; whether it was this instance's.
    pub(super) fn exit(&mut self, socket: &SocketId) -> bool {
        self.own.exit(socket);
        self.own_json.remove(socket).is_some()
    }

    pub(super) fn is_own(&self, socket: &SocketId) -> bool {
        self.own_json.contains_key(socket)
    }

    /// This instance's connections: the user, and what the pool holds.
    pub(super) fn own_entries(&self) -> Vec<(SocketId, UserId, Arc<str>)> {
        let entries = self.own_json.iter().filter_map(|(socket, json)| {
            let user = self.own.user_of(socket)?;
            Some((socket.clone(), user, json.clone()))
        });
        entries.collect()
    }

    pub(super) fn user_of(&self, socket: &SocketId) -> Option<UserId> {
        self.own.user_of(socket).or_else(|| self.others.user_of(socket))
    }

    pub(super) fn sockets_of(&self, user: &UserId) -> Vec<SocketId> {
        let mut sockets = self.own.sockets_of(user);
        sockets.extend(self.others.sockets_of(user));
        sockets
    }

    /// Applies a change of another instance; no user means that the connection closed.
    pub(super) fn apply(&mut self, socket: SocketId, user: Option<UserId>) {
        if let Some(changed) = &mut self.changed_during_scan {
            changed.insert(socket.clone(), user.clone());
        }
        match user {
            Some(user) => self.others.enter(socket, user),
            None => self.others.exit(&socket),
        }
    }

    /// Begins a scan of the pool: changes that are applied from now on win over what it finds.
    pub(super) fn begin_scan(&mut self) {
        self.changed_during_scan = Some(HashMap::new());
    }

    /// Ends a scan: the others' connections are what it found (none if it failed: nothing changes) and what changed
    /// meanwhile.
    pub(super) fn finish_scan(&mut self, found: Option<HashMap<SocketId, UserId>>) {
        let changed = self.changed_during_scan.take().unwrap_or_default();
        let Some(mut found) = found else {
            return;
        };
        for (socket, user) in changed {
            match user {
                Some(user) => found.insert(socket, user),
                None => found.remove(&socket),
            };
        }
        let known = self.others.sockets();
        let gone: Vec<SocketId> = known
            .filter(|socket| !found.contains_key(*socket))
            .cloned()
            .collect();
        for socket in gone {
            self.others.exit(&socket);
        }
        for (socket, user) in found {
            self.others.enter(socket, user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_during_a_scan_win_over_what_it_finds() {
        let mut cache = PresenceCache::default();
        let (ann, bob) = (UserId::from("ann"), UserId::from("bob"));
        cache.apply("gone".into(), Some(ann.clone()));
        cache.begin_scan();
        cache.apply("new".into(), Some(bob.clone()));
        cache.apply("closed".into(), None);
        let found = [("closed", &ann), ("kept", &ann)];
        let found = found.map(|(socket, user)| (SocketId::from(socket), user.clone()));
        cache.finish_scan(Some(found.into()));
        assert_eq!(cache.others.sockets_of(&ann), ["kept".into()]);
        assert_eq!(cache.others.sockets_of(&bob), ["new".into()]);
        cache.begin_scan();
        cache.finish_scan(None);
        assert_eq!(
            cache.others.sockets_of(&ann),
            ["kept".into()],
            "a failed scan changes nothing"
        );
    }
}
