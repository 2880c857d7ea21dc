//! Calls to clients of other instances, until their acknowledgements arrive.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use keelson_domain::realtime::ReplyTo;
use serde_json::Value;
use tokio::sync::oneshot;

#[derive(Default)]
pub(crate) struct PendingCalls {
    last: AtomicU64,
    entries: Mutex<HashMap<u64, Entry>>,
}

struct Entry {
    room: String,
    reply: oneshot::Sender<Vec<Value>>,
}

/// A call that waits; removed from the pending calls when this is dropped.
pub(crate) struct PendingCall<'c> {
    calls: &'c PendingCalls,
    pub(crate) number: u64,
    reply: oneshot::Receiver<Vec<Value>>,
}

impl PendingCalls {
    /// Adds a call to a room.
    pub(crate) fn add(&self, room: &str) -> PendingCall<'_> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (sender, reply) = oneshot::channel();
        let room = room.to_owned();
        self.entries().insert(number, Entry { room, reply: sender });
        PendingCall {
            calls: self,
            number,
            reply,
        }
    }

    /// Hands a reply to the call that waits for it. Only the first one counts.
    pub(crate) fn resolve(&self, to: &ReplyTo, args: Vec<Value>) {
        let mut entries = self.entries();
        if entries.get(&to.call).is_some_and(|call| call.room == to.room)
            && let Some(call) = entries.remove(&to.call)
        {
            // Fails when the caller has just given up.
            let _ = call.reply.send(args);
        }
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<u64, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PendingCall<'_> {
    /// Waits for the arguments of the acknowledgement, for ever if none comes.
    pub(crate) async fn wait(&mut self) -> Vec<Value> {
        match (&mut self.reply).await {
            Ok(args) => args,
            // Cannot be: the sender is kept until it is used or this is dropped.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for PendingCall<'_> {
    fn drop(&mut self) {
        self.calls.entries().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn to(room: &str, call: u64) -> ReplyTo {
        ReplyTo {
            room: room.to_owned(),
            call,
            instance: "us".into(),
        }
    }

    #[tokio::test]
    async fn a_reply_reaches_its_call_and_no_other() {
        let calls = PendingCalls::default();
        let mut first = calls.add("a");
        let mut second = calls.add("b");
        calls.resolve(&to("b", first.number), vec![json!("from another socket")]);
        calls.resolve(&to("b", second.number), vec![json!(2)]);
        calls.resolve(&to("b", second.number), vec![json!("again")]);
        calls.resolve(&to("a", first.number), vec![json!(1)]);
        calls.resolve(&to("c", 77), vec![json!("not called")]);
        assert_eq!(second.wait().await, [json!(2)]);
        assert_eq!(first.wait().await, [json!(1)]);
        drop((first, second));
        drop(calls.add("given up"));
        assert!(calls.entries().is_empty());
    }
}
