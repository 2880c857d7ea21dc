//! The messages of python-socketio's publish/subscribe manager (5.15), which the reference uses between its processes.

use keelson_domain::realtime::{AnswerTo, Dispatch, SocketId};
use keelson_domain::shared::InstanceId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

const NAMESPACE: &str = "/";

/// What is sent, in the key order of the original.
#[derive(Serialize)]
#[serde(untagged)]
enum Sent<'a> {
    Emit {
        method: &'static str,
        event: &'a str,
        data: [&'a RawValue; 1],
        binary: bool,
        namespace: &'static str,
        room: Option<&'a str>,
        skip_sid: Option<Vec<&'a str>>,
        callback: Option<(&'a str, &'static str, u64)>,
        host_id: &'a str,
    },
    Callback {
        method: &'static str,
        host_id: &'a str,
        sid: &'a str,
        namespace: &'static str,
        id: u64,
        args: &'a [Value],
    },
    OfPage {
        method: &'static str,
        sid: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        room: Option<&'a str>,
        namespace: &'static str,
        host_id: &'a str,
    },
    OfRoom {
        method: &'static str,
        room: &'a str,
        namespace: &'static str,
        host_id: &'a str,
    },
}

/// A dispatch of this instance as JSON text.
pub(crate) fn write(dispatch: &Dispatch, host_id: &str) -> Result<String, serde_json::Error> {
    let of_page = |method, page: &'_ SocketId, room| -> Result<String, serde_json::Error> {
        serde_json::to_string(&Sent::OfPage {
            method,
            sid: page.as_str(),
            room,
            namespace: NAMESPACE,
            host_id,
        })
    };
    match dispatch {
        Dispatch::Emit {
            room,
            event,
            data,
            skip,
            answer,
        } => serde_json::to_string(&Sent::Emit {
            method: "emit",
            event,
            data: [&**data],
            binary: false,
            namespace: NAMESPACE,
            room: room.as_deref(),
            skip_sid: (!skip.is_empty()).then(|| skip.iter().map(SocketId::as_str).collect()),
            callback: answer
                .as_ref()
                .map(|answer| (answer.room.as_str(), NAMESPACE, answer.call)),
            host_id,
        }),
        Dispatch::Answer { to, args } => serde_json::to_string(&Sent::Callback {
            method: "callback",
            // Here it is whom the answer is for.
            host_id: to.instance.as_str(),
            sid: &to.room,
            namespace: NAMESPACE,
            id: to.call,
            args,
        }),
        Dispatch::Enter { page, room } => of_page("enter_room", page, Some(room.as_str())),
        Dispatch::Leave { page, room } => of_page("leave_room", page, Some(room.as_str())),
        Dispatch::Disconnect { page } => of_page("disconnect", page, None),
        Dispatch::Close { room } => serde_json::to_string(&Sent::OfRoom {
            method: "close_room",
            room,
            namespace: NAMESPACE,
            host_id,
        }),
    }
}

/// Anything that may come in.
#[derive(Deserialize)]
struct Received {
    method: String,
    #[serde(default)]
    host_id: Option<String>,
    #[serde(default)]
    namespace: Option<String>,
    #[serde(default)]
    event: Option<String>,
    #[serde(default)]
    data: Option<Vec<Box<RawValue>>>,
    #[serde(default)]
    binary: bool,
    #[serde(default)]
    room: Option<String>,
    #[serde(default)]
    skip_sid: Option<Skip>,
    #[serde(default)]
    callback: Option<(String, Option<String>, u64)>,
    #[serde(default)]
    sid: Option<String>,
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    args: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Skip {
    One(SocketId),
    Some(Vec<SocketId>),
}

/// What a message asks of this instance; none for its own ones, for answers to others, and for what cannot be done
/// here: other namespaces, binary data (the reference sends none), several arguments (it never does).
pub(crate) fn read(text: &str, own: &InstanceId) -> Option<Dispatch> {
    let message: Received = match serde_json::from_str(text) {
        Ok(message) => message,
        Err(error) => {
            tracing::debug!(%error, "a message between instances that cannot be read");
            return None;
        }
    };
    let host = message.host_id.clone().unwrap_or_default();
    let is_own = host == own.as_str();
    if is_own != (message.method == "callback")
        || !matches!(message.namespace.as_deref(), None | Some(NAMESPACE))
    {
        return None;
    }
    let method = message.method.clone();
    let dispatch = dispatch(message, host);
    if dispatch.is_none() {
        tracing::debug!(method, "a message between instances that cannot be followed");
    }
    dispatch
}

fn dispatch(message: Received, host: String) -> Option<Dispatch> {
    let page = message.sid.clone().map(SocketId::from);
    Some(match message.method.as_str() {
        "emit" => Dispatch::Emit {
            room: message.room,
            event: message.event?,
            data: match <[Box<RawValue>; 1]>::try_from(message.data?) {
                Ok([data]) if !message.binary => data,
                _ => return None,
            },
            skip: match message.skip_sid {
                None => Vec::new(),
                Some(Skip::One(page)) => vec![page],
                Some(Skip::Some(pages)) => pages,
            },
            answer: message.callback.map(|(room, _, call)| AnswerTo {
                room,
                call,
                instance: InstanceId::from(host),
            }),
        },
        "callback" => Dispatch::Answer {
            to: AnswerTo {
                room: message.sid?,
                call: message.id?,
                instance: InstanceId::from(host),
            },
            args: message.args?,
        },
        "enter_room" => Dispatch::Enter {
            page: page?,
            room: message.room?,
        },
        "leave_room" => Dispatch::Leave {
            page: page?,
            room: message.room?,
        },
        "close_room" => Dispatch::Close { room: message.room? },
        "disconnect" => Dispatch::Disconnect { page: page? },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> InstanceId {
        InstanceId::from("me")
    }

    #[test]
    fn what_is_sent_has_the_originals_keys_in_their_order() {
        let emit = Dispatch::Emit {
            room: Some("p1".to_owned()),
            event: "events".to_owned(),
            data: RawValue::from_string(r#"{"b":1,"a":[]}"#.to_owned()).unwrap(),
            skip: vec!["p2".into()],
            answer: Some(AnswerTo {
                room: "p1".to_owned(),
                call: 7,
                instance: own(),
            }),
        };
        assert_eq!(
            write(&emit, "me").unwrap(),
            r#"{"method":"emit","event":"events","data":[{"b":1,"a":[]}],"binary":false,"namespace":"/","room":"p1","skip_sid":["p2"],"callback":["p1","/",7],"host_id":"me"}"#
        );
        let close = Dispatch::Close { room: "r".to_owned() };
        assert_eq!(
            write(&close, "me").unwrap(),
            r#"{"method":"close_room","room":"r","namespace":"/","host_id":"me"}"#
        );
    }

    #[test]
    fn what_cannot_be_followed_is_left_alone() {
        for text in [
            "not JSON",
            r#"{"method":"emit","event":"e","data":[1],"host_id":"me"}"#,
            r#"{"method":"emit","event":"e","data":[1,2],"host_id":"x"}"#,
            r#"{"method":"emit","event":"e","data":[[{"_placeholder":true,"num":0}],"AA=="],"binary":true,"host_id":"x"}"#,
            r#"{"method":"emit","event":"e","data":[1],"namespace":"/other","host_id":"x"}"#,
            r#"{"method":"callback","sid":"p1","id":1,"args":[],"host_id":"somebody else"}"#,
            r#"{"method":"callback","sid":"p1","args":[],"host_id":"me"}"#,
            r#"{"method":"dance","host_id":"x"}"#,
            r#"{"method":"enter_room","sid":"p1","host_id":"x"}"#,
        ] {
            assert!(read(text, &own()).is_none(), "{text}");
        }
    }

    #[test]
    fn a_message_without_what_may_be_left_out_is_followed() {
        let read = read(r#"{"method":"emit","event":"e","data":[null]}"#, &own());
        assert!(matches!(
            read,
            Some(Dispatch::Emit {
                room: None,
                answer: None,
                ..
            })
        ));
    }
}
