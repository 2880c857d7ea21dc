use keelson_domain::shared::{Timestamp, json as lenient};
use serde_json::{Value, json};

use super::answer::{Answer, Growth};
use super::content::finish_reason;
use super::failure::{reported_error, shown_error};
use super::reasoning::ReasoningTags;
use super::sse::Line;
use super::usage::Usage;

/// How much is kept of a reply that cannot be read, in bytes.
const MAX_UNREAD: usize = 64 * 1024;

/// Reasons for an end that is no answer, where nothing was written.
const REFUSALS: [&str; 6] = [
    "content_filter",
    "error",
    "safety",
    "recitation",
    "blocklist",
    "prohibited_content",
];

/// Reads one reply of a provider, line by line or as a document, and assembles the answer.
#[derive(Default)]
pub(crate) struct ReplyReader {
    /// The answer so far.
    pub(crate) answer: Answer,
    /// What the provider counted so far.
    pub(crate) usage: Usage,
    has_choices: bool,
    finish_reason: Option<String>,
    /// The last document that is no chunk of an answer.
    strange: Option<Value>,
    /// Lines that are neither events nor documents.
    unread: Vec<u8>,
    /// Whether the data that follow are those of an event named `error`.
    is_error_event: bool,
}

/// What a line or a document means.
#[derive(Debug)]
pub(crate) enum Event {
    /// Nothing yet.
    Nothing,
    /// A chunk of the answer.
    Chunk(Chunk),
    /// The provider reports an error.
    Failed(Value),
    /// The answer is complete.
    Done,
}

/// A chunk of an answer.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// As the provider sent it.
    pub(crate) document: Value,
    /// Whether it belongs to an answer, and does not only count.
    pub(crate) has_choice: bool,
    /// Whether the answer grew.
    pub(crate) has_grown: bool,
    /// Whether it holds text or reasoning, grown or not: it may be the start of a tag.
    pub(crate) has_content: bool,
    /// Whether it is the first that gives a reason for the end.
    pub(crate) is_last: bool,
    /// Whether it tells what the provider counted.
    pub(crate) has_usage: bool,
}

impl ReplyReader {
    /// With the tags by which reasoning is recognized.
    pub(crate) fn new(tags: ReasoningTags) -> Self {
        Self {
            answer: Answer::new(tags),
            ..Self::default()
        }
    }

    /// Reads a line of a stream.
    pub(crate) fn read_line(&mut self, line: &[u8], now: Timestamp) -> Event {
        match Line::parse(line) {
            Line::Empty => Event::Nothing,
            Line::Name(name) => {
                self.is_error_event = name == b"error";
                Event::Nothing
            }
            Line::Data(b"[DONE]") => Event::Done,
            Line::Data(data) => self.read_data(data, now),
            Line::Error(text) => Event::Failed(shown_text(text).unwrap_or_else(|| json!("unknown"))),
            Line::Other(line) => match lenient::read(line) {
                // One line of a longer document may be a document itself.
                Ok(document) if has_choices(&document) || reported_error(&document).is_some() => {
                    self.read_document(document, now)
                }
                _ => self.keep_unread(line),
            },
        }
    }

    fn read_data(&mut self, data: &[u8], now: Timestamp) -> Event {
        let is_error = std::mem::take(&mut self.is_error_event);
        if data.is_empty() {
            return Event::Nothing;
        }
        if is_error && let Some(error) = shown_text(data) {
            return Event::Failed(error);
        }
        match lenient::read(data) {
            Ok(document) => self.read_document(document, now),
            Err(error) => {
                tracing::warn!(%error, "a line of the provider's stream is not valid JSON");
                self.keep_unread(data)
            }
        }
    }

    fn keep_unread(&mut self, line: &[u8]) -> Event {
        let room = MAX_UNREAD.saturating_sub(self.unread.len());
        self.unread.extend_from_slice(&line[..line.len().min(room)]);
        self.unread.push(b'\n');
        Event::Nothing
    }

    /// Reads a chunk, or a whole answer.
    pub(crate) fn read_document(&mut self, document: Value, now: Timestamp) -> Event {
        let choice = &document["choices"][0];
        let has_choice = choice.is_object();
        let mut growth = Growth::Nothing;
        if has_choice {
            self.has_choices = true;
            growth = self.answer.push(message_of(choice), now);
        }
        if reported_error(&document).is_some() {
            return Event::Failed(shown_error(&document).unwrap_or(document));
        }
        let reason = finish_reason(choice).map(str::to_owned);
        let is_last = reason.is_some() && self.finish_reason.is_none();
        self.finish_reason = self.finish_reason.take().or(reason);
        let has_usage = self.usage.add(&document);
        if !has_choice && !has_usage && !has_choices(&document) {
            self.strange = Some(document);
            return Event::Nothing;
        }
        Event::Chunk(Chunk {
            document,
            has_choice,
            has_grown: growth == Growth::Grown,
            has_content: growth != Growth::Nothing,
            is_last,
            has_usage,
        })
    }

    /// Ends the reply, which came to its end.
    ///
    /// # Errors
    /// What the user sees instead of an answer, where the reply is none.
    pub(crate) fn finish(&mut self, now: Timestamp) -> Result<(), Value> {
        let unread = std::mem::take(&mut self.unread);
        if !self.has_choices
            && let Ok(document) = lenient::read(&unread)
        {
            match self.read_document(document.clone(), now) {
                Event::Failed(error) => return Err(error),
                _ if !self.has_choices => self.strange = Some(document),
                _ => {}
            }
        }
        self.answer.finish(now);
        if !self.has_choices {
            let said = self.strange.take().and_then(|document| shown_error(&document));
            let said = said.or_else(|| shown_text(&unread));
            return Err(said.unwrap_or_else(|| json!("the provider's answer is empty")));
        }
        let refusal = self.finish_reason.as_deref().filter(|reason| {
            REFUSALS
                .iter()
                .any(|refusal| refusal.eq_ignore_ascii_case(reason))
        });
        match refusal {
            Some(reason) if self.answer.is_empty() => Err(json!(format!(
                "the provider ended the answer before its first word, with the reason \"{reason}\""
            ))),
            _ => Ok(()),
        }
    }
}

fn has_choices(document: &Value) -> bool {
    document["choices"].is_array()
}

/// The delta of a chunk, or the message of a whole answer.
fn message_of(choice: &Value) -> &Value {
    let found = ["delta", "message"]
        .iter()
        .find_map(|name| choice.get(*name).filter(|it| it.is_object()));
    found.unwrap_or(&Value::Null)
}

/// What the user sees of bytes that are no answer.
fn shown_text(text: &[u8]) -> Option<Value> {
    let document = lenient::read(text).unwrap_or_else(|_| json!(String::from_utf8_lossy(text).trim()));
    shown_error(&document)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(0);

    /// The text that a stream makes, or the error that ends it.
    fn read(stream: &str) -> Result<String, Value> {
        let mut reader = ReplyReader::default();
        for line in stream.lines() {
            match reader.read_line(line.as_bytes(), NOW) {
                Event::Failed(error) => return Err(error),
                Event::Done => break,
                Event::Nothing | Event::Chunk(_) => {}
            }
        }
        reader.finish(NOW)?;
        Ok(reader.answer.render())
    }

    fn chunk(content: &str, reason: &Value) -> String {
        let choice = json!({"index": 0, "delta": {"content": content}, "finish_reason": reason});
        format!("data: {}\n\n", json!({"choices": [choice]}))
    }

    #[test]
    fn an_answer_ends_with_its_stream_whatever_reasons_it_gives() {
        let words = ["Hello ", "big ", "world"];
        for reason in [
            json!(null),
            json!(""),
            json!("null"),
            json!("stop"),
            json!(false),
            json!(" "),
        ] {
            for end in ["", "data: [DONE]\n\n", "data:[DONE]"] {
                let stream: String = words.iter().map(|word| chunk(word, &reason)).collect();
                assert_eq!(
                    read(&(stream + end)),
                    Ok("Hello big world".to_owned()),
                    "{reason} {end:?}"
                );
            }
        }
        let split = chunk("<thi", &json!("")) + &chunk("nk>a</thi", &json!("")) + &chunk("nk>b", &json!(""));
        assert!(
            read(&split)
                .expect("an answer")
                .ends_with("&gt; a\n</details>\nb")
        );
    }

    #[test]
    fn replies_that_are_no_answer_are_errors_that_say_what_came() {
        for (stream, expected) in [
            ("", "the provider's answer is empty"),
            ("data: [DONE]\n", "the provider's answer is empty"),
            (
                "data: {\"choices\": []}\ndata: [DONE]",
                "the provider's answer is empty",
            ),
            ("data: {\"error\": \"gone\"}", "gone"),
            ("data: [{\"error\": {\"message\": \"gone\"}}]", "gone"),
            ("event: error\ndata: {\"message\": \"gone\"}", "gone"),
            ("event: error\ndata: gone", "gone"),
            ("event: error\ndata: {\"message\": \"gone \\ud83d\"}", "\"gone \""),
            ("error: {\"code\": NaN, \"message\": \"gone\"}", "\"gone\""),
            ("error: {\"code\": 500, \"message\": \"gone\"}", "gone"),
            ("{\"error\": {\"message\": \"gone\"}}", "gone"),
            ("{\n  \"error\": {\n    \"message\": \"gone\"\n  }\n}", "gone"),
            (
                "data: {\"object\": \"error\", \"message\": \"gone\"}\ndata: [DONE]",
                "gone",
            ),
            ("data: {\"detail\": \"gone\"}", "gone"),
            ("data: {\"type\": \"ping\"}\ndata: cut {\n", "\"type\":\"ping\""),
            ("data: cut {\n", "cut {"),
            ("<html>\n502 Bad Gateway\n</html>", "502 Bad Gateway"),
            (
                "data: {\"choices\": [{\"delta\": {}, \"finish_reason\": \"content_filter\"}]}",
                "content_filter",
            ),
            (
                "data: {\"choices\": [{\"delta\": {\"content\": \"a\"}, \"finish_reason\": \"error\"}], \
                 \"error\": {\"message\": \"gone\"}}",
                "gone",
            ),
        ] {
            let error = read(stream).expect_err(stream).to_string();
            assert!(
                error.contains(&expected.replace('"', "\\\"")) || error.contains(expected),
                "{stream}: {error}"
            );
        }
    }

    #[test]
    fn answers_are_read_out_of_other_types() {
        let whole = json!({"choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]});
        let pretty = serde_json::to_string_pretty(&whole).expect("JSON");
        for stream in [
            format!("data: {whole}\n"),
            whole.to_string(),
            pretty,
            format!(": a comment\n\n{whole}"),
            format!("\u{feff}data: {whole}"),
            format!("event: message\nid: 1\ndata: {whole}\n\ndata: [DONE]"),
            "{\"choices\": [{\"delta\": {\"content\": \"Hel\"}}]}\n{\"choices\": [{\"delta\": {\"content\": \"lo\"}}]}"
                .to_owned(),
            "data: {\"choices\": [{\"delta\": {\"role\": \"assistant\"}}]}\n".to_owned() + &chunk("Hello", &json!("stop")),
        ] {
            assert_eq!(read(&stream), Ok("Hello".to_owned()), "{stream}");
        }
    }
}
