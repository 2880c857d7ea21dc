use std::collections::HashMap;

use keelson_domain::access::{Permission, Right, Unset};
use keelson_domain::auth::Caller;
use keelson_domain::channel::{Channel, ChannelId, ChannelKind, Unread};
use keelson_domain::config::table;
use keelson_domain::user::{User, UserId};

use super::{ChannelError, Channels};

/// A member of a direct channel.
#[derive(Debug, Clone)]
pub struct ChannelMember {
    /// The account.
    pub user: User,
    /// Whether they are active now.
    pub is_active: bool,
}

/// A channel in a list.
#[derive(Debug, Clone)]
pub struct ListedChannel {
    /// The channel.
    pub channel: Channel,
    /// Its unread messages.
    pub unread: Unread,
    /// Its members, for a direct channel.
    pub members: Option<Vec<ChannelMember>>,
}

impl Channels {
    /// The channels that the caller is in, oldest first, with their unread messages.
    ///
    /// # Errors
    /// [`ChannelError::Disabled`], [`ChannelError::NotAllowed`].
    pub async fn list(&self, caller: &Caller) -> Result<Vec<ListedChannel>, ChannelError> {
        let channels = self.joined(caller).await?;
        let ids: Vec<ChannelId> = channels.iter().map(|channel| channel.id.clone()).collect();
        let unread = self.repository.unread(caller.id(), &ids).await?;
        let mut members = self.members(&channels).await?;
        let listed = channels
            .into_iter()
            .zip(unread)
            .map(|(channel, unread)| ListedChannel {
                members: match channel.kind() {
                    ChannelKind::Direct => Some(members.remove(&channel.id).unwrap_or_default()),
                    ChannelKind::Standard | ChannelKind::Group => None,
                },
                channel,
                unread,
            });
        Ok(listed.collect())
    }

    /// All channels for administrators, else those that the caller is in; oldest first.
    ///
    /// # Errors
    /// [`ChannelError::Disabled`], [`ChannelError::NotAllowed`].
    pub async fn list_all(&self, caller: &Caller) -> Result<Vec<Channel>, ChannelError> {
        if !self.access.of(caller).await?.administers() {
            return self.joined(caller).await;
        }
        self.check_enabled(caller).await?;
        Ok(self.repository.all().await?)
    }

    async fn joined(&self, caller: &Caller) -> Result<Vec<Channel>, ChannelError> {
        self.check_enabled(caller).await?;
        let scope = self
            .access
            .of(caller)
            .await?
            .personal_scope(Right::Read, Unset::Public);
        Ok(self.repository.of_user(caller.id(), &scope).await?)
    }

    async fn check_enabled(&self, caller: &Caller) -> Result<(), ChannelError> {
        if !self.settings.current().bool(&table::ENABLE_CHANNELS) {
            return Err(ChannelError::Disabled);
        }
        Ok(self
            .access
            .of(caller)
            .await?
            .require(Permission::FeaturesChannels)?)
    }

    /// The members of the direct channels among these, in one query for the members and one for their accounts.
    async fn members(
        &self,
        channels: &[Channel],
    ) -> Result<HashMap<ChannelId, Vec<ChannelMember>>, ChannelError> {
        let direct = channels
            .iter()
            .filter(|channel| channel.kind() == ChannelKind::Direct);
        let ids: Vec<ChannelId> = direct.map(|channel| channel.id.clone()).collect();
        let pairs = self.repository.members(&ids).await?;
        let people: Vec<UserId> = pairs.iter().map(|(_, user)| user.clone()).collect();
        let accounts = self.users.with_activity(&people).await?;
        let mut members: HashMap<ChannelId, Vec<ChannelMember>> = HashMap::new();
        for (channel, user) in pairs {
            if let Some((user, is_active)) = accounts.get(&user).cloned() {
                members
                    .entry(channel)
                    .or_default()
                    .push(ChannelMember { user, is_active });
            }
        }
        Ok(members)
    }
}
