//! Who hears which channel, in process memory.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use keelson_domain::access::Scope;
use keelson_domain::channel::{ChannelId, ChannelMembership};
use keelson_domain::shared::{StoreResult, Timestamp};
use keelson_domain::user::UserId;

/// Memberships as they are added here.
#[derive(Default)]
pub struct MemoryChannels(Mutex<State>);

#[derive(Default)]
struct State {
    members: BTreeSet<(UserId, ChannelId)>,
    read: BTreeMap<(UserId, ChannelId), Timestamp>,
}

impl MemoryChannels {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets a user hear a channel.
    pub fn add(&self, user: &UserId, channel: &ChannelId) {
        self.with(|state| state.members.insert((user.clone(), channel.clone())));
    }

    /// Lets a user hear it no more.
    pub fn remove(&self, user: &UserId, channel: &ChannelId) {
        self.with(|state| state.members.remove(&(user.clone(), channel.clone())));
    }

    /// How far a member has read.
    pub fn read_at(&self, user: &UserId, channel: &ChannelId) -> Option<Timestamp> {
        self.with(|state| state.read.get(&(user.clone(), channel.clone())).copied())
    }
}

#[async_trait]
impl ChannelMembership for MemoryChannels {
    async fn channels_of(&self, user: &UserId, _scope: &Scope) -> StoreResult<Vec<ChannelId>> {
        Ok(self.with(|state| {
            let members = state.members.iter();
            members
                .filter(|(member, _)| member == user)
                .map(|(_, channel)| channel.clone())
                .collect()
        }))
    }

    async fn is_in(&self, user: &UserId, _scope: &Scope, channel: &ChannelId) -> StoreResult<bool> {
        Ok(self.with(|state| state.members.contains(&(user.clone(), channel.clone()))))
    }

    async fn mark_read(&self, user: &UserId, channel: &ChannelId, at: Timestamp) -> StoreResult<()> {
        self.with(|state| {
            let key = (user.clone(), channel.clone());
            if state.members.contains(&key) {
                state.read.insert(key, at);
            }
        });
        Ok(())
    }
}
