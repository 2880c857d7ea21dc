use keelson_domain::access::{Right, Unset};
use keelson_domain::channel::ChannelId;
use keelson_domain::realtime::Audience;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Connection, Realtime, RealtimeError, SocketSession};

/// What a client sends in a channel, beside messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelEvent {
    /// Channel.
    pub channel: ChannelId,
    /// The message whose thread it is about, if it is about one.
    pub message_id: Option<String>,
    /// Signal.
    pub signal: ChannelSignal,
}

/// See [`ChannelEvent`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChannelSignal {
    /// The user types, or stopped.
    Typing(bool),
    /// The user has seen everything.
    Read,
}

impl Realtime {
    /// Passes a client's signal on to the channel, if its user is still a member.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn channel_event(
        &self,
        connection: &dyn Connection,
        session: &SocketSession,
        event: ChannelEvent,
    ) -> Result<(), RealtimeError> {
        let authenticated = session.user.lock().await;
        let Some(authenticated) = authenticated.as_ref() else {
            return Ok(());
        };
        let Some(caller) = self.verify(authenticated.token.expose_secret()).await? else {
            connection.disconnect();
            return Ok(());
        };
        let user = &caller.user;
        let access = self.dependencies.access.of(&caller).await?;
        let scope = access.personal_scope(Right::Read, Unset::Public);
        let channels = &self.dependencies.channels;
        if !access.is_verified() || !channels.is_in(&user.id, &scope, &event.channel).await? {
            return Ok(());
        }
        match event.signal {
            ChannelSignal::Read => {
                channels
                    .mark_read(&user.id, &event.channel, self.dependencies.clock.now())
                    .await?;
            }
            ChannelSignal::Typing(typing) => {
                let data = json!({
                    "channel_id": event.channel,
                    "message_id": event.message_id,
                    "data": {"type": "typing", "data": {"typing": typing}},
                    "user": {"id": user.id, "name": user.name, "role": user.role},
                });
                let room = Audience::Room(event.channel.room());
                self.dependencies
                    .events
                    .emit(&room, "events:channel", &data)
                    .await;
            }
        }
        Ok(())
    }
}
