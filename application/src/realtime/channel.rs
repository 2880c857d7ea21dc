use keelson_domain::channel::ChannelId;
use keelson_domain::realtime::Audience;
use keelson_domain::user::Role;
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Connection, Realtime, RealtimeError, Seat};

/// What a page says in a channel, beside messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelEvent {
    /// Where.
    pub channel: ChannelId,
    /// In which thread, if in one.
    pub message_id: Option<String>,
    /// What.
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
    /// Passes a page's signal on to the channel, if its user hears that channel still.
    ///
    /// # Errors
    /// Only when a store fails.
    pub async fn channel_event(
        &self,
        page: &dyn Connection,
        seat: &Seat,
        event: ChannelEvent,
    ) -> Result<(), RealtimeError> {
        let guest = seat.0.lock().await;
        let Some(guest) = guest.as_ref() else {
            return Ok(());
        };
        let Some(caller) = self.caller(guest.token.expose_secret()).await? else {
            page.cut();
            return Ok(());
        };
        let user = &caller.user;
        if user.role == Role::Pending || !self.parts.channels.hears(&user.id, &event.channel).await? {
            return Ok(());
        }
        match event.signal {
            ChannelSignal::Read => {
                self.parts
                    .channels
                    .mark_read(&user.id, &event.channel, self.parts.clock.now())
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
                self.parts.events.emit(&room, "events:channel", &data).await;
            }
        }
        Ok(())
    }
}
