//! Calls to pages of other instances, until their answers come.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use keelson_domain::realtime::AnswerTo;
use serde_json::Value;
use tokio::sync::oneshot;

#[derive(Default)]
pub(crate) struct Calls {
    last: AtomicU64,
    waiting: Mutex<HashMap<u64, Waiting>>,
}

struct Waiting {
    room: String,
    answer: oneshot::Sender<Vec<Value>>,
}

/// A call that waits; forgotten when this is dropped.
pub(crate) struct Call<'c> {
    calls: &'c Calls,
    pub(crate) number: u64,
    answer: oneshot::Receiver<Vec<Value>>,
}

impl Calls {
    /// Notes a call to a room.
    pub(crate) fn open(&self, room: &str) -> Call<'_> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (sender, answer) = oneshot::channel();
        let room = room.to_owned();
        self.waiting().insert(number, Waiting { room, answer: sender });
        Call {
            calls: self,
            number,
            answer,
        }
    }

    /// Hands an answer to the call that waits for it. The first one counts; none waits for others.
    pub(crate) fn answered(&self, to: &AnswerTo, args: Vec<Value>) {
        let mut waiting = self.waiting();
        if waiting.get(&to.call).is_some_and(|call| call.room == to.room)
            && let Some(call) = waiting.remove(&to.call)
        {
            // Fails when the caller has just given up.
            let _ = call.answer.send(args);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call<'_> {
    /// The arguments of the acknowledgement. Waits for ever if none comes.
    pub(crate) async fn answer(&mut self) -> Vec<Value> {
        match (&mut self.answer).await {
            Ok(args) => args,
            // Cannot be: the other end is kept until it is used or this is dropped.
            Err(_) => std::future::pending().await,
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        self.calls.waiting().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn to(room: &str, call: u64) -> AnswerTo {
        AnswerTo {
            room: room.to_owned(),
            call,
            instance: "us".into(),
        }
    }

    #[tokio::test]
    async fn an_answer_reaches_its_call_and_no_other() {
        let calls = Calls::default();
        let mut first = calls.open("a");
        let mut second = calls.open("b");
        calls.answered(&to("b", first.number), vec![json!("from another page")]);
        calls.answered(&to("b", second.number), vec![json!(2)]);
        calls.answered(&to("b", second.number), vec![json!("again")]);
        calls.answered(&to("a", first.number), vec![json!(1)]);
        calls.answered(&to("c", 77), vec![json!("unasked")]);
        assert_eq!(second.answer().await, [json!(2)]);
        assert_eq!(first.answer().await, [json!(1)]);
        drop((first, second));
        drop(calls.open("given up"));
        assert!(calls.waiting().is_empty());
    }
}
