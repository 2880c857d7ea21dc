use keelson_domain::access::Permission;
use keelson_domain::auth::Caller;
use keelson_domain::chat::{Chat, ChatId};

use super::{ChatError, Chats};

impl Chats {
    /// Shares one's own chat, or brings the shared copy up to date; answers the copy.
    ///
    /// # Errors
    /// [`ChatError::NotAllowed`] without the permission `chat.share`, [`ChatError::NotFound`].
    pub async fn share(&self, caller: &Caller, id: &ChatId) -> Result<Chat, ChatError> {
        self.access.of(caller).await?.require(Permission::ChatShare)?;
        let fresh = ChatId::new(self.ids.uuid().to_string());
        self.shares
            .share(caller.id(), id, &fresh)
            .await?
            .ok_or(ChatError::NotFound)
    }

    /// Ends the sharing of one's own chat; whether it was shared.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn unshare(&self, caller: &Caller, id: &ChatId) -> Result<bool, ChatError> {
        self.get(caller, id).await?;
        Ok(self.shares.unshare(caller.id(), id).await?)
    }

    /// A shared copy, for everyone who is signed in. Admins may name any chat, where the operator lets them read chats.
    ///
    /// # Errors
    /// [`ChatError::NotFound`].
    pub async fn shared(&self, caller: &Caller, share: &ChatId) -> Result<Chat, ChatError> {
        if let Some(chat) = self.shares.shared(share).await? {
            return Ok(chat);
        }
        if self.access.of(caller).await?.reads_all_chats() {
            return self.chats.find(share).await?.ok_or(ChatError::NotFound);
        }
        Err(ChatError::NotFound)
    }
}
