use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use keelson_domain::model::{ProviderError, ProviderReply};
use keelson_domain::shared::{Timestamp, json};
use serde_json::{Map, Value};

use crate::reply::{Event, LineBuffer, ReplyLimits, ReplyReader, shown_error};

/// The text of a provider's reply, streamed or not, without its reasoning; the reasoning where there is nothing else.
///
/// # Errors
/// What the provider says instead, or that its answer broke off.
pub(crate) async fn read_text(
    reply: ProviderReply,
    limits: ReplyLimits,
    now: Timestamp,
) -> Result<String, String> {
    let mut reader = ReplyReader::default();
    match reply {
        ProviderReply::Json { body, .. } => {
            if let Event::Failed(error) = reader.read_document(body, now) {
                return Err(error.to_string());
            }
        }
        ProviderReply::Stream { body, .. } => read_stream(body, &mut reader, limits, now).await?,
    }
    reader.finish(now).map_err(|error| error.to_string())?;
    let text = reader.answer.text();
    Ok(if text.is_empty() {
        reader.answer.reasoning()
    } else {
        text
    })
}

async fn read_stream(
    mut body: impl Stream<Item = Result<Bytes, ProviderError>> + Unpin,
    reader: &mut ReplyReader,
    limits: ReplyLimits,
    now: Timestamp,
) -> Result<(), String> {
    let mut lines = LineBuffer::new(limits.max_line);
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| error.to_string())?;
        lines.push(&chunk).map_err(|error| error.to_string())?;
        while let Some(line) = lines.next_line() {
            match reader.read_line(&line, now) {
                Event::Done => return Ok(()),
                Event::Failed(error) => return Err(error.to_string()),
                Event::Nothing | Event::Chunk(_) => {}
            }
        }
        let answer = limits.check(&reader.answer);
        answer.map_err(|error| error.to_string())?;
    }
    let rest = lines.take_rest().unwrap_or_default();
    match reader.read_line(&rest, now) {
        Event::Failed(error) => Err(error.to_string()),
        Event::Nothing | Event::Chunk(_) | Event::Done => Ok(()),
    }
}

/// What a provider's error says, for the log.
pub(crate) fn error_text(error: &ProviderError) -> Option<String> {
    match error {
        ProviderError::Refused { body, .. } => shown_error(body).map(|said| said.to_string()),
        _ => None,
    }
}

/// The first JSON object in a text that has a key; the text may surround it with words, other objects or a code fence.
fn find_object(text: &str, key: &str) -> Option<Map<String, Value>> {
    let mut from = 0;
    while let Some(start) = text[from..].find('{').map(|at| from + at) {
        from = match json::read_first(&text[start..]) {
            Some((Value::Object(fields), _)) if fields.contains_key(key) => return Some(fields),
            Some((_, length)) => start + length,
            None => start + 1,
        };
    }
    None
}

/// A text by its key in the JSON object of a reply; none when there is no such text.
pub(crate) fn parse_text(reply: &str, key: &str) -> Option<String> {
    let text = find_object(reply, key)?.get(key)?.as_str()?.trim().to_owned();
    Some(text).filter(|text| !text.is_empty())
}

/// A list of texts by its key in the JSON object of a reply; none when there is no list, or nothing in it is text.
pub(crate) fn parse_list(reply: &str, key: &str) -> Option<Vec<String>> {
    let object = find_object(reply, key)?;
    let items = object.get(key)?.as_array()?;
    let texts: Vec<String> = items
        .iter()
        .filter_map(|item| item.as_str().map(|item| item.trim().to_owned()))
        .filter(|item| !item.is_empty())
        .collect();
    (items.is_empty() || !texts.is_empty()).then_some(texts)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const LIMITS: ReplyLimits = ReplyLimits {
        max_line: 1024,
        max_answer: 64,
    };

    #[test]
    fn an_object_is_found_inside_text() {
        for (reply, expected) in [
            ("{\"title\": \"A\"}", Some("A")),
            ("Sure:\n```json\n{\"title\": \" A \"}\n```", Some("A")),
            ("{\"title\": \"A {b}\"} and }", Some("A {b}")),
            ("{not JSON} {\"title\": \"A\"}", Some("A")),
            ("{\"plan\": \"x\"} {\"title\": \"A\"}", Some("A")),
            ("{{\"title\": \"A\"}}", Some("A")),
            ("{\"title\": \"A \\ud83d\"}", Some("A")),
            ("{\"score\": NaN, \"title\": \"A\"}.", Some("A")),
            (
                "{\"score\": -Infinity} {\"title\": \"A\", \"n\": 1e400}",
                Some("A"),
            ),
            ("{\"title\": 7}", None),
            ("{\"title\": \" \"}", None),
            ("{\"title\": \"cut", None),
            ("{\"name\": \"A\"}", None),
            ("no object", None),
            ("", None),
        ] {
            assert_eq!(parse_text(reply, "title").as_deref(), expected, "{reply}");
        }
    }

    #[test]
    fn a_list_without_texts_cannot_be_read() {
        for (reply, expected) in [
            ("{\"tags\": [\"a\", 1, \"\", \" b \"]}", Some(vec!["a", "b"])),
            ("{\"tags\": []}", Some(vec![])),
            ("```{\"tags\": [\"a\"]}```", Some(vec!["a"])),
            ("{\"tags\": [1, null]}", None),
            ("{\"tags\": \"a\"}", None),
            ("{\"tags\": null}", None),
            ("[\"a\"]", None),
            ("{\"tags\": [\"a\"", None),
            ("I cannot do that.", None),
        ] {
            let expected = expected.map(|list| list.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(parse_list(reply, "tags"), expected, "{reply}");
        }
    }

    fn document(message: &Value) -> ProviderReply {
        ProviderReply::Json {
            status: 200,
            body: json!({"choices": [{"message": message}]}),
        }
    }

    fn stream(text: &str) -> ProviderReply {
        let chunks: Vec<_> = text
            .as_bytes()
            .chunks(7)
            .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
            .collect();
        ProviderReply::Stream {
            status: 200,
            content_type: "text/event-stream".to_owned(),
            body: Box::pin(futures_util::stream::iter(chunks)),
        }
    }

    #[tokio::test]
    async fn texts_are_read_out_of_every_reply() {
        for (reply, expected) in [
            (document(&json!({"content": "a"})), Ok("a")),
            (document(&json!({"content": "<think>{}</think>a"})), Ok("a")),
            (
                document(&json!({"content": [{"type": "text", "text": "a"}]})),
                Ok("a"),
            ),
            (
                document(&json!({"content": "", "reasoning_content": "a"})),
                Ok("a"),
            ),
            (document(&json!({"content": null})), Ok("")),
            (
                stream("data: {\"choices\": [{\"delta\": {\"content\": \"a\"}}]}\n\ndata: [DONE]\n\n"),
                Ok("a"),
            ),
            (
                stream("data: {\"choices\": [{\"delta\": {\"content\": \"a\"}}]}"),
                Ok("a"),
            ),
            (stream("data: {\"error\": \"gone\"}"), Err("gone")),
            (stream(""), Err("empty")),
            (
                ProviderReply::Json {
                    status: 200,
                    body: json!({"error": "gone"}),
                },
                Err("gone"),
            ),
            (
                ProviderReply::Json {
                    status: 200,
                    body: json!({}),
                },
                Err("empty"),
            ),
        ] {
            let read = read_text(reply, LIMITS, Timestamp::from_seconds(0)).await;
            match expected {
                Ok(text) => assert_eq!(read.as_deref(), Ok(text)),
                Err(words) => assert!(
                    read.clone().is_err_and(|error| error.contains(words)),
                    "{words}: {read:?}"
                ),
            }
        }
    }
}
