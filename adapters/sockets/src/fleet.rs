//! The other instances: asking for their pages, and doing with ours what they ask.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::realtime::{AnswerTo, CallError, Dispatch, Fanout, Presence, SocketId};
use keelson_domain::shared::{StoreError, StoreResult};
use keelson_domain::user::UserId;
use serde_json::Value;
use serde_json::value::RawValue;
use socketioxide::extract::SocketRef;
use tokio_util::sync::CancellationToken;

use crate::bus::SocketBus;
use crate::calls::Calls;
use crate::local;
use crate::session::{self, Session};

/// How often a waiting call looks whether the page is still open: nobody tells when another instance's page goes.
const GLANCE: Duration = Duration::from_secs(2);

/// How long a page of ours may think about what another instance asked it. Whoever asked waits less: this only
/// bounds what is kept.
const LONGEST_ANSWER: Duration = Duration::from_secs(3600);

/// What connects an instance with the others.
#[derive(Clone)]
pub struct Fleet {
    /// Carries what instances ask of each other.
    pub fanout: Arc<dyn Fanout>,
    /// Whose pages are open, anywhere.
    pub presence: Arc<dyn Presence>,
}

impl Fleet {
    /// Asks a page of another instance, if it is the user's.
    pub(crate) async fn call(
        &self,
        calls: &Calls,
        (user, page): (&UserId, &SocketId),
        event: &str,
        data: Box<RawValue>,
        wait: Duration,
    ) -> Result<Value, CallError> {
        let owner = self.presence.user_of(page).await;
        if owner
            .map_err(|error| CallError::Unexpected(Box::new(error)))?
            .as_ref()
            != Some(user)
        {
            return Err(CallError::Gone);
        }
        let room = page.to_string();
        let mut call = calls.open(&room);
        let answer = AnswerTo {
            room: room.clone(),
            call: call.number,
            instance: self.fanout.instance().clone(),
        };
        self.fanout.send(Dispatch::Emit {
            room: Some(room),
            event: event.to_owned(),
            data,
            skip: Vec::new(),
            answer: Some(answer),
        });
        tokio::select! {
            answer = tokio::time::timeout(wait, call.answer()) => match answer {
                Ok(args) => Ok(args.into_iter().next().unwrap_or_default()),
                Err(_) => Err(CallError::TimedOut),
            },
            () = self.gone(user, page) => Err(CallError::Gone),
        }
    }

    /// Ends when the page is not the user's any more.
    async fn gone(&self, user: &UserId, page: &SocketId) {
        loop {
            tokio::time::sleep(GLANCE).await;
            match self.presence.user_of(page).await {
                Ok(owner) if owner.as_ref() == Some(user) => {}
                Ok(_) => return,
                // The answer may come all the same.
                Err(error) => tracing::debug!(%error, "whether a page is open is not known now"),
            }
        }
    }
}

impl SocketBus {
    /// Does what other instances ask until `stop`; alone there is nothing to do.
    pub(crate) async fn listen(&self, stop: &CancellationToken) -> StoreResult<()> {
        let Some(fleet) = &self.fleet else {
            stop.cancelled().await;
            return Ok(());
        };
        tokio::select! {
            () = stop.cancelled() => Ok(()),
            lost = self.attend(fleet) => lost,
        }
    }

    async fn attend(&self, fleet: &Fleet) -> StoreResult<()> {
        let mut dispatches = fleet.fanout.receive().await?;
        while let Some(dispatch) = dispatches.next().await {
            self.carry_out(fleet, dispatch);
        }
        Err(StoreError::unavailable(
            "the line to the other instances was lost",
        ))
    }

    /// Does one thing with the pages here. Waits for nothing, so that one page holds up no other.
    fn carry_out(&self, fleet: &Fleet, dispatch: Dispatch) {
        match dispatch {
            Dispatch::Emit {
                room,
                event,
                data,
                skip,
                answer,
            } => {
                let mut pages = room.map_or_else(|| self.local.all(), |room| self.local.room(&room));
                pages.retain(|page| !skip.iter().any(|id| id.as_str() == page.id.as_str()));
                for page in &pages {
                    match &answer {
                        None => local::send(page, &event, &data),
                        Some(to) => ask_for(fleet, to, page, &event, &data),
                    }
                }
            }
            Dispatch::Answer { to, args } => {
                if to.instance == *fleet.fanout.instance() {
                    self.calls.answered(&to, args);
                }
            }
            Dispatch::Enter { page, room } => {
                if let Some(page) = self.local.page(page.as_str()) {
                    page.join(room);
                }
            }
            Dispatch::Leave { page, room } => {
                if let Some(page) = self.local.page(page.as_str()) {
                    page.leave(room);
                }
            }
            Dispatch::Close { room } => {
                for page in self.local.room(&room) {
                    page.leave(room.clone());
                }
            }
            Dispatch::Disconnect { page } => {
                if let Some(page) = self.local.page(page.as_str()) {
                    session::cut(&page);
                }
            }
        }
    }
}

/// Sends an event now, and the page's acknowledgement to whoever asked once it comes.
fn ask_for(fleet: &Fleet, to: &AnswerTo, page: &SocketRef, event: &str, data: &RawValue) {
    let Some(session) = page.extensions.get::<Arc<Session>>() else {
        return;
    };
    let answer = match local::ask(page, session, event, data, LONGEST_ANSWER) {
        Ok(answer) => answer,
        Err(error) => {
            tracing::debug!(%error, event, "a page could not be asked");
            return;
        }
    };
    let (fanout, to) = (fleet.fanout.clone(), to.clone());
    tokio::spawn(async move {
        match answer.await {
            Ok(answer) => fanout.send(Dispatch::Answer {
                to,
                args: answer.into_iter().collect(),
            }),
            Err(error) => tracing::debug!(%error, "a page did not answer another instance"),
        }
    });
}
