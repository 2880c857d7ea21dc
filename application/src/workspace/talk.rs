use keelson_domain::access::{Permission, Right};
use keelson_domain::auth::Caller;
use keelson_domain::channel::{Channel, ChannelKind, Unread};
use keelson_domain::config::table;
use keelson_domain::note::Note;
use keelson_domain::user::User;

use super::{Workspace, WorkspaceError};

/// Notes on one page (the reference's number).
const PAGE: usize = 60;

/// A channel in a list.
pub struct ListedChannel {
    /// The channel.
    pub channel: Channel,
    /// What waits in it.
    pub unread: Unread,
    /// Who talks there, for a direct channel.
    pub people: Option<Vec<User>>,
}

impl Workspace {
    /// A page (from 1; all without one) of the notes that the caller may read, newest change first.
    ///
    /// # Errors
    /// [`WorkspaceError::NotAllowed`].
    pub async fn notes(&self, caller: &Caller, page: Option<i64>) -> Result<Vec<Note>, WorkspaceError> {
        let access = self.access.of(caller).await?;
        access.require(Permission::FeaturesNotes)?;
        let mut heads = self.ports.note.repository.heads().await?;
        heads.retain(|head| access.may_personally(Right::Read, head));
        let (skip, take) = match page {
            Some(page) => (
                usize::try_from(page.max(1) - 1).unwrap_or(0).saturating_mul(PAGE),
                PAGE,
            ),
            None => (0, usize::MAX),
        };
        let ids: Vec<_> = heads
            .into_iter()
            .skip(skip)
            .take(take)
            .map(|head| head.id)
            .collect();
        let mut notes = self.ports.note.repository.load(&ids).await?;
        notes.sort_by_key(|note| std::cmp::Reverse(note.head.updated_at));
        Ok(notes)
    }

    async fn check_channels(&self, caller: &Caller) -> Result<(), WorkspaceError> {
        if !self.settings.current().bool(&table::ENABLE_CHANNELS) {
            return Err(WorkspaceError::ChannelsOff);
        }
        Ok(self
            .access
            .of(caller)
            .await?
            .require(Permission::FeaturesChannels)?)
    }

    /// The channels that the caller hears, with what waits in them.
    ///
    /// # Errors
    /// [`WorkspaceError::ChannelsOff`], [`WorkspaceError::NotAllowed`].
    pub async fn channels(&self, caller: &Caller) -> Result<Vec<ListedChannel>, WorkspaceError> {
        self.check_channels(caller).await?;
        let channels = self.ports.channel.repository.of_user(caller.id()).await?;
        let ids: Vec<_> = channels.iter().map(|channel| channel.id.clone()).collect();
        let unread = self.ports.channel.repository.unread(caller.id(), &ids).await?;
        let mut listed = Vec::with_capacity(channels.len());
        for (channel, unread) in channels.into_iter().zip(unread) {
            let people = match channel.kind() {
                ChannelKind::Direct => {
                    let members = self.ports.channel.repository.members(&channel.id).await?;
                    let people = self.owners(members.clone()).await?;
                    Some(members.iter().filter_map(|id| people.get(id).cloned()).collect())
                }
                ChannelKind::Standard | ChannelKind::Group => None,
            };
            listed.push(ListedChannel {
                channel,
                unread,
                people,
            });
        }
        Ok(listed)
    }

    /// All channels for an admin, else those that the caller hears.
    ///
    /// # Errors
    /// [`WorkspaceError::ChannelsOff`], [`WorkspaceError::NotAllowed`].
    pub async fn all_channels(&self, caller: &Caller) -> Result<Vec<Channel>, WorkspaceError> {
        self.check_channels(caller).await?;
        if self.access.of(caller).await?.administers() {
            return Ok(self.ports.channel.repository.all().await?);
        }
        Ok(self.ports.channel.repository.of_user(caller.id()).await?)
    }
}
