use std::collections::HashMap;
use std::sync::Arc;

use keelson_domain::realtime::{Pages, SocketId};
use keelson_domain::user::UserId;

/// Who has pages open, as far as this process knows.
#[derive(Default)]
pub(crate) struct Mirror {
    /// The pages of this instance.
    pub(crate) own: Pages,
    /// What the pool holds of each own page.
    pub(crate) users: HashMap<SocketId, Arc<str>>,
    /// Those of all others.
    pub(crate) others: Pages,
    /// The pages in `others`.
    pub(crate) known: HashMap<SocketId, UserId>,
    /// What was told while a look through the pool went on.
    told: Option<HashMap<SocketId, Option<UserId>>>,
}

impl Mirror {
    /// Takes over what is known of a page of another instance; no user means that it closed.
    pub(crate) fn tell(&mut self, page: SocketId, user: Option<UserId>) {
        if let Some(told) = &mut self.told {
            told.insert(page.clone(), user.clone());
        }
        match user {
            Some(user) => {
                self.others.enter(page.clone(), user.clone());
                self.known.insert(page, user);
            }
            None => {
                self.others.exit(&page);
                self.known.remove(&page);
            }
        }
    }

    /// Begins a look through the pool: what is told from now on wins over what it finds.
    pub(crate) fn begin(&mut self) {
        self.told = Some(HashMap::new());
    }

    /// Ends a look: the others' pages are what it found, none if it failed, and what was told meanwhile.
    pub(crate) fn end(&mut self, found: Option<HashMap<SocketId, UserId>>) {
        let told = self.told.take().unwrap_or_default();
        let Some(mut found) = found else {
            return;
        };
        for (page, user) in told {
            match user {
                Some(user) => found.insert(page, user),
                None => found.remove(&page),
            };
        }
        let known = self.known.keys();
        let gone: Vec<SocketId> = known.filter(|page| !found.contains_key(*page)).cloned().collect();
        for page in gone {
            self.tell(page, None);
        }
        for (page, user) in found {
            self.tell(page, Some(user));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_during_a_look_wins_over_what_it_finds() {
        let mut mirror = Mirror::default();
        let (ann, bob) = (UserId::from("ann"), UserId::from("bob"));
        mirror.tell("gone".into(), Some(ann.clone()));
        mirror.begin();
        mirror.tell("new".into(), Some(bob.clone()));
        mirror.tell("closed".into(), None);
        let found = [("closed", &ann), ("kept", &ann)];
        let found = found.map(|(page, user)| (SocketId::from(page), user.clone()));
        mirror.end(Some(found.into()));
        assert_eq!(mirror.others.sockets_of(&ann), ["kept".into()]);
        assert_eq!(mirror.others.sockets_of(&bob), ["new".into()]);
        mirror.begin();
        mirror.end(None);
        assert_eq!(
            mirror.others.sockets_of(&ann),
            ["kept".into()],
            "a look that failed changes nothing"
        );
    }
}
