use std::collections::{BTreeMap, HashMap, HashSet};

use super::SocketId;
use crate::shared::Timestamp;
use crate::user::UserId;

/// How long a page counts as using a model after it said so, in seconds: the reference's time-out.
pub const USAGE_SECONDS: i64 = 3;

/// How many models one page may use at once; beyond it the oldest is forgotten, so that no client can
/// fill the memory.
const MODELS_A_PAGE: usize = 16;

/// The open pages of one process and the models they use: what a presence store keeps, without its locks.
#[derive(Debug, Default)]
pub struct Pages {
    pages: HashMap<SocketId, Page>,
    by_user: HashMap<UserId, HashSet<SocketId>>,
}

#[derive(Debug)]
struct Page {
    user: UserId,
    models: Vec<(String, Timestamp)>,
}

impl Pages {
    /// Opens a page, or hands an open one over to another user.
    pub fn enter(&mut self, socket: SocketId, user: UserId) {
        if self.pages.get(&socket).is_some_and(|page| page.user == user) {
            return;
        }
        self.exit(&socket);
        self.by_user
            .entry(user.clone())
            .or_default()
            .insert(socket.clone());
        let models = Vec::new();
        self.pages.insert(socket, Page { user, models });
    }

    /// Closes a page and forgets what it used.
    pub fn exit(&mut self, socket: &SocketId) {
        let Some(page) = self.pages.remove(socket) else {
            return;
        };
        if let Some(sockets) = self.by_user.get_mut(&page.user) {
            sockets.remove(socket);
            if sockets.is_empty() {
                self.by_user.remove(&page.user);
            }
        }
    }

    /// The user behind a page.
    pub fn user_of(&self, socket: &SocketId) -> Option<UserId> {
        self.pages.get(socket).map(|page| page.user.clone())
    }

    /// The pages of a user.
    pub fn sockets_of(&self, user: &UserId) -> Vec<SocketId> {
        self.by_user
            .get(user)
            .map(|sockets| sockets.iter().cloned().collect())
            .unwrap_or_default()
    }

    /// Notes that a page uses a model; false for a page that is not open.
    pub fn use_model(&mut self, socket: &SocketId, model: &str, now: Timestamp) -> bool {
        let Some(page) = self.pages.get_mut(socket) else {
            return false;
        };
        page.models
            .retain(|(used, at)| used != model && !is_over(*at, now));
        if page.models.len() == MODELS_A_PAGE {
            page.models.remove(0);
        }
        page.models.push((model.to_owned(), now));
        true
    }

    /// The models in use, sorted; forgets what is over.
    pub fn models_in_use(&mut self, now: Timestamp) -> Vec<String> {
        let mut models = BTreeMap::new();
        for page in self.pages.values_mut() {
            page.models.retain(|(_, at)| !is_over(*at, now));
            models.extend(page.models.iter().map(|(model, _)| (model.clone(), ())));
        }
        models.into_keys().collect()
    }
}

fn is_over(at: Timestamp, now: Timestamp) -> bool {
    now > at.plus_seconds(USAGE_SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_page_that_changes_hands_leaves_its_former_user_and_its_models() {
        let mut pages = Pages::default();
        pages.enter("s".into(), "ann".into());
        assert!(pages.use_model(&"s".into(), "m", at(0)));
        pages.enter("s".into(), "bob".into());
        assert_eq!(pages.user_of(&"s".into()), Some("bob".into()));
        assert!(pages.sockets_of(&"ann".into()).is_empty());
        assert!(pages.models_in_use(at(0)).is_empty());
    }

    #[test]
    fn usage_ends_after_three_seconds_unless_renewed() {
        let mut pages = Pages::default();
        pages.enter("s".into(), "ann".into());
        pages.use_model(&"s".into(), "old", at(0));
        pages.use_model(&"s".into(), "kept", at(0));
        pages.use_model(&"s".into(), "kept", at(2));
        assert_eq!(pages.models_in_use(at(3)), ["kept", "old"]);
        assert_eq!(pages.models_in_use(at(4)), ["kept"]);
        assert!(pages.models_in_use(at(6)).is_empty());
    }

    #[test]
    fn strangers_use_nothing_and_nobody_uses_without_bound() {
        let mut pages = Pages::default();
        assert!(!pages.use_model(&"s".into(), "m", at(0)));
        pages.enter("s".into(), "ann".into());
        for model in 0..1000 {
            pages.use_model(&"s".into(), &model.to_string(), at(0));
        }
        assert_eq!(pages.models_in_use(at(0)).len(), MODELS_A_PAGE);
    }
}
