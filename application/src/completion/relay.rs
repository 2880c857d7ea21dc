//! Reads a provider's stream, tells the pages of it in steps, and keeps it every second.

use std::time::Duration;

use futures_util::StreamExt;
use keelson_domain::model::{ByteStream, ProviderError};
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::answer::Answer;
use super::stream::{Lines, data};
use super::teller::Teller;

/// The least time between two pieces that pages are told: 30 a second look fluent.
const STEP: Duration = Duration::from_millis(33);

/// How often an answer is stored while it grows.
const CHECKPOINT: Duration = Duration::from_secs(1);

/// Below this many bytes thoughts are told again whole with every step; above it only when they grew by a sixteenth,
/// so that the bytes told stay in proportion to those thought.
const SMALL: usize = 4096;

/// Time that only paces: nothing of it is stored or told, so that it needs no port.
#[expect(clippy::disallowed_methods, reason = "the one place: pacing")]
fn monotonic() -> Instant {
    Instant::now()
}

/// How an answer ended.
pub(super) enum Ended {
    /// It is complete.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// The provider reported an error in the stream.
    Reported(Value),
    /// The stream broke off.
    Broken(ProviderError),
}

/// The relay of one stream.
pub(super) struct Relay<'t> {
    pub(super) teller: &'t mut Teller,
    pub(super) answer: Answer,
    pub(super) usage: Option<Value>,
    /// Fields of the chunks that pieces are told with: `id`, `object`, `created`, `model`.
    frame: Map<String, Value>,
    /// How much of the text was told.
    told: usize,
    /// How long everything was when it was last told whole.
    told_whole: usize,
    told_at: Option<Instant>,
    kept: usize,
    finished: bool,
}

impl<'t> Relay<'t> {
    pub(super) fn new(teller: &'t mut Teller) -> Self {
        Self {
            teller,
            answer: Answer::default(),
            usage: None,
            frame: Map::new(),
            told: 0,
            told_whole: 0,
            told_at: None,
            kept: 0,
            finished: false,
        }
    }

    fn now(&self) -> keelson_domain::shared::Timestamp {
        self.teller.clock.now()
    }

    /// Runs until the stream ends or is stopped; dropping the stream closes the line to the provider.
    pub(super) async fn run(
        &mut self,
        mut body: ByteStream,
        longest: usize,
        stop: &CancellationToken,
    ) -> Ended {
        let mut lines = Lines::new(longest);
        let mut checkpoint = tokio::time::interval_at(monotonic() + CHECKPOINT, CHECKPOINT);
        loop {
            let waiting = self.untold();
            let due = self.told_at.map_or_else(monotonic, |at| at + STEP);
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ended::Stopped,
                _ = checkpoint.tick() => if !self.keep().await {
                    tracing::info!(chat = %self.teller.ids.chat, "the chat of a running answer was deleted");
                    return Ended::Stopped;
                },
                () = tokio::time::sleep_until(due), if waiting => self.step().await,
                chunk = body.next() => match chunk {
                    Some(Ok(chunk)) => {
                        if let Err(error) = lines.push(&chunk) {
                            return Ended::Broken(ProviderError::Unreadable(error.to_string()));
                        }
                        while let Some(line) = lines.next() {
                            if let Some(ended) = self.line(&line).await {
                                return ended;
                            }
                        }
                    }
                    Some(Err(error)) => return Ended::Broken(error),
                    None => {
                        if let Some(line) = lines.rest()
                            && let Some(ended) = self.line(&line).await
                        {
                            return ended;
                        }
                        if self.finished {
                            return Ended::Done;
                        }
                        return Ended::Broken(ProviderError::Broken("the stream ended in the middle".into()));
                    }
                },
            }
        }
    }

    /// Takes one line; answers how it ended, if it did.
    async fn line(&mut self, line: &[u8]) -> Option<Ended> {
        let data = data(line)?;
        if data == b"[DONE]" {
            return Some(Ended::Done);
        }
        let Ok(chunk) = serde_json::from_slice::<Value>(data) else {
            tracing::debug!("a line of the provider's stream is no JSON");
            return None;
        };
        if let Some(error) = chunk.get("error").filter(|error| !error.is_null()) {
            return Some(Ended::Reported(error.clone()));
        }
        if let Some(usage) = chunk.get("usage").filter(|usage| usage.is_object()) {
            self.usage = Some(usage.clone());
        }
        let choice = &chunk["choices"][0];
        let now = self.now();
        let finishes = choice["finish_reason"].is_string();
        let said = self.answer.take(&choice["delta"], now);
        if finishes {
            self.finished = true;
            self.answer.finish(now);
            self.whole().await;
        }
        if said && !finishes {
            self.frame(&chunk);
            return None;
        }
        if choice.is_null() {
            if let Some(usage) = &self.usage {
                self.teller.tell("chat:completion", json!({"usage": usage})).await;
            }
            return None;
        }
        // Pieces of text that are held back because they may begin a tag are told once that is clear.
        let bare = choice["delta"]["content"].as_str().is_none_or(str::is_empty);
        if bare || finishes {
            self.teller.tell("chat:completion", chunk).await;
        }
        None
    }

    fn frame(&mut self, chunk: &Value) {
        if self.frame.is_empty() {
            for name in ["id", "object", "created", "model"] {
                if let Some(value) = chunk.get(name) {
                    self.frame.insert(name.to_owned(), value.clone());
                }
            }
        }
    }

    /// Whether something was said that pages do not know, and it is worth telling.
    fn untold(&self) -> bool {
        if self.answer.is_thinking() {
            let grown = self.answer.len().saturating_sub(self.told_whole);
            let worth = if self.told_whole < SMALL {
                1
            } else {
                self.told_whole / 16
            };
            return grown >= worth;
        }
        self.answer.text_len() > self.told
    }

    /// Tells the next piece: text as a piece, thoughts whole, because their block changes as it grows.
    async fn step(&mut self) {
        let after_thoughts = self.told == 0 && self.told_whole > 0;
        if self.answer.is_thinking() || after_thoughts {
            self.whole().await;
            return;
        }
        let mut data = self.frame.clone();
        data.insert(
            "choices".to_owned(),
            json!([{
                "index": 0,
                "delta": {"role": "assistant", "content": self.answer.text_from(self.told)},
                "finish_reason": null,
            }]),
        );
        self.told = self.answer.text_len();
        self.told_at = Some(monotonic());
        self.teller.tell("chat:completion", Value::Object(data)).await;
    }

    /// Tells everything that was said.
    async fn whole(&mut self) {
        if self.answer.is_empty() {
            return;
        }
        self.told = self.answer.text_len();
        self.told_whole = self.answer.len();
        self.told_at = Some(monotonic());
        let data = json!({"content": self.answer.render()});
        self.teller.tell("chat:completion", data).await;
    }

    /// Stores what was said, and tells newcomers; whether there is still a chat to answer in.
    async fn keep(&mut self) -> bool {
        if self.teller.has_newcomers().await {
            self.whole().await;
        }
        if self.answer.len() > self.kept {
            self.kept = self.answer.len();
            let fields = Map::from_iter([("content".to_owned(), json!(self.answer.render()))]);
            return self.teller.keep(fields).await;
        }
        true
    }
}
