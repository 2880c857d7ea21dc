//! Every parameter of the stock page's settings, of models and of chats: what goes out for it, streamed and not.

use poem::http::Method;
use pretty_assertions::assert_eq;
use serde_json::{Map, Value, json};

use crate::support::{Reply, TestApp, ZooServer};

const PATH: &str = "/api/chat/completions";

/// A parameter of the page.
struct Parameter {
    name: &'static str,
    /// As the settings of a model keep it.
    of_model: Value,
    /// As the page sends it with a request, after it was set for the chat or for all chats of a user.
    of_chat: Value,
    /// What goes out, whoever set it; null where only this server reads it.
    sent: Value,
}

/// A parameter that models and chats keep alike.
fn alike(name: &'static str, kept: Value, sent: Value) -> Parameter {
    Parameter {
        name,
        of_model: kept.clone(),
        of_chat: kept,
        sent,
    }
}

/// A parameter that goes out as it is kept.
fn plain(name: &'static str, value: Value) -> Parameter {
    alike(name, value.clone(), value)
}

/// A parameter that only this server reads.
fn own(name: &'static str, value: Value) -> Parameter {
    alike(name, value, Value::Null)
}

/// All that the page knows, in its order; `custom_params` are what an admin adds by name.
fn parameters() -> Vec<Parameter> {
    vec![
        own("stream_delta_chunk_size", json!(4)),
        own("function_calling", json!("native")),
        own("reasoning_tags", json!(["<a>", "</a>"])),
        plain("seed", json!(3)),
        // The page decodes what people typed into a chat's settings, but not what they typed into a model's.
        Parameter {
            name: "stop",
            of_model: json!(["\\n", "\\\\n", "终"]),
            of_chat: json!(["\n", "\\n", "终"]),
            sent: json!(["\n", "\\n", "终"]),
        },
        plain("temperature", json!(0.5)),
        plain("reasoning_effort", json!("high")),
        alike(
            "logit_bias",
            json!("5432:100, 413:-100"),
            json!({"5432": 100, "413": -100}),
        ),
        plain("max_tokens", json!(128)),
        plain("top_k", json!(40)),
        plain("top_p", json!(0.9)),
        plain("min_p", json!(0.05)),
        plain("frequency_penalty", json!(1.1)),
        plain("presence_penalty", json!(0.0)),
        plain("mirostat", json!(1)),
        plain("mirostat_eta", json!(0.1)),
        plain("mirostat_tau", json!(5.0)),
        plain("repeat_last_n", json!(64)),
        plain("tfs_z", json!(1)),
        plain("repeat_penalty", json!(1.1)),
        plain("use_mmap", json!(true)),
        plain("use_mlock", json!(false)),
        plain("think", json!(true)),
        plain("format", json!("json")),
        plain("keep_alive", json!("5m")),
        plain("num_keep", json!(24)),
        plain("num_ctx", json!(2048)),
        plain("num_batch", json!(512)),
        plain("num_thread", json!(2)),
        plain("num_gpu", json!(0)),
    ]
}

fn reply() -> Reply {
    Reply::document(&json!({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]}))
}

/// The question, as every request asks it.
fn messages() -> Value {
    json!([{"role": "user", "content": "Hello"}])
}

/// A server with connections to providers of two kinds, and who asks. Ollama is reached by its endpoint of OpenAI's
/// protocol, which reads what it knows at the top level: its own protocol is not spoken yet.
struct Connected {
    app: TestApp,
    ada: String,
    openai: ZooServer,
    ollama: ZooServer,
}

impl Connected {
    async fn start() -> Self {
        let app = TestApp::start().await;
        let ada = app.sign_up("ada").await;
        let openai = ZooServer::start("gpt", reply(), reply()).await;
        let ollama = ZooServer::start("llama", reply(), reply()).await;
        let connections = json!({
            "ENABLE_OPENAI_API": true,
            "OPENAI_API_BASE_URLS": [openai.url(), ollama.url()],
            "OPENAI_API_KEYS": ["sk-test", ""],
            "OPENAI_API_CONFIGS": {"0": {}, "1": {"connection_type": "local"}},
        });
        app.post("/openai/config/update", &ada, connections).await;
        Self {
            app,
            ada,
            openai,
            ollama,
        }
    }

    /// Makes a preset with parameters.
    async fn add_preset(&self, id: &str, base: &str, params: &Value) {
        let preset = json!({"id": id, "base_model_id": base, "name": id, "meta": {}, "params": params});
        self.app.post("/api/v1/models/create", &self.ada, preset).await;
    }

    /// Asks a model, directly; answers what went out beside the model and the question.
    async fn sent(&self, server: &ZooServer, body: Value) -> Value {
        let before = server.chats().len();
        let answer = self
            .app
            .ask(Method::POST, PATH, Some(&self.ada), Some(body.clone()))
            .await;
        assert_eq!(answer.status, 200, "{body}: {}", answer.body);
        let mut chats = server.chats().split_off(before);
        assert_eq!(chats.len(), 1, "{body} is one request");
        let mut sent: Map<String, Value> = chats.remove(0).body.as_object().cloned().unwrap_or_default();
        assert_eq!(sent.remove("messages"), Some(messages()), "{body}");
        assert!(sent.remove("model").is_some(), "{body}");
        Value::Object(sent)
    }

    async fn close(self) {
        drop((self.openai, self.ollama));
        self.app.close().await;
    }
}

/// What is sent for a value, beside whether it is a stream.
fn expected(name: &str, sent: &Value, is_streamed: bool) -> Value {
    let mut expected = json!({"stream": is_streamed});
    if !sent.is_null() {
        expected[name] = sent.clone();
    }
    expected
}

#[tokio::test]
async fn every_parameter_of_a_model_goes_out_or_is_the_servers_own() {
    let on = Connected::start().await;
    let kinds = [(&on.openai, "gpt"), (&on.ollama, "llama")];
    for parameter in parameters() {
        for (_, base) in kinds {
            let id = format!("{base}-{}", parameter.name);
            on.add_preset(&id, base, &json!({parameter.name: parameter.of_model}))
                .await;
        }
    }
    on.app.get("/api/models?refresh=true", &on.ada).await;
    for parameter in parameters() {
        for (server, base) in kinds {
            for is_streamed in [true, false] {
                let id = format!("{base}-{}", parameter.name);
                let body = json!({"model": id, "messages": messages(), "stream": is_streamed});
                let expected = expected(parameter.name, &parameter.sent, is_streamed);
                assert_eq!(on.sent(server, body).await, expected, "{id}");
            }
        }
    }
    on.close().await;
}

#[tokio::test]
async fn every_parameter_of_a_chat_goes_out_or_is_the_servers_own() {
    let on = Connected::start().await;
    on.app.get("/api/models?refresh=true", &on.ada).await;
    for parameter in parameters() {
        for (server, model) in [(&on.openai, "gpt"), (&on.ollama, "llama")] {
            for is_streamed in [true, false] {
                let mut body = json!({"model": model, "messages": messages(), "stream": is_streamed});
                body["params"] = json!({parameter.name: parameter.of_chat});
                let expected = expected(parameter.name, &parameter.sent, is_streamed);
                assert_eq!(
                    on.sent(server, body).await,
                    expected,
                    "{model} {}",
                    parameter.name
                );
            }
        }
    }
    on.close().await;
}

#[tokio::test]
async fn parameters_of_a_model_stand_above_those_of_a_chat() {
    let on = Connected::start().await;
    for (place, (of_model, of_chat, sent)) in [
        (json!({"seed": 1}), json!({"seed": 2}), json!({"seed": 1})),
        (json!({"seed": null}), json!({"seed": 2}), json!({"seed": 2})),
        (json!({}), json!({"seed": 2, "top_k": null}), json!({"seed": 2})),
        (
            json!({"stop": ["\\n"]}),
            json!({"stop": ["a"]}),
            json!({"stop": ["\n"]}),
        ),
        (
            json!({"stop": []}),
            json!({"stop": ["\\n"]}),
            json!({"stop": ["\\n"]}),
        ),
        (
            json!({"stream_response": false}),
            json!({}),
            json!({"stream": false}),
        ),
        (
            json!({"stream_response": true}),
            json!({"stream_response": false}),
            json!({"stream": true}),
        ),
        (
            json!({"stream_response": null}),
            json!({"stream_response": false}),
            json!({}),
        ),
        (
            json!({"custom_params": {"foo": "{\"a\": 1}", "seed": "7"}}),
            json!({"custom_params": {"foo": "{\"b\": 2}", "bar": "text"}}),
            json!({"foo": {"a": 1}, "seed": 7, "bar": "text"}),
        ),
        (
            json!({"custom_params": {"stop": ["\\t"]}}),
            json!({"custom_params": {"stop": ["\\n"]}}),
            json!({"stop": ["\t"]}),
        ),
        (
            json!({}),
            json!({"custom_params": {"stop": ["\\n"]}}),
            json!({"stop": ["\\n"]}),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let id = format!("preset-{place}");
        on.add_preset(&id, "gpt", &of_model).await;
        on.app.get("/api/models?refresh=true", &on.ada).await;
        let body = json!({"model": id, "messages": messages(), "stream": true, "params": of_chat});
        let mut expected = json!({"stream": true});
        for (name, value) in sent.as_object().expect("an object") {
            expected[name] = value.clone();
        }
        assert_eq!(
            on.sent(&on.openai, body).await,
            expected,
            "{of_model} and {of_chat}"
        );
    }
    on.close().await;
}

#[tokio::test]
async fn settings_keyed_by_an_address_hold_with_and_without_a_slash() {
    let app = TestApp::start().await;
    let ada = app.sign_up("ada").await;
    let server = ZooServer::start("gpt", reply(), reply()).await;
    let url = server.url();
    for (address, key) in [
        (url.clone(), url.clone()),
        (format!("{url}/"), url.clone()),
        (url.clone(), format!("{url}/")),
        (format!("{url}/"), format!("{url}/")),
        (format!("{url}//"), url.clone()),
        (format!(" {url} "), url.clone()),
        (url.clone(), format!(" {url}/ ")),
        (format!("{url}/"), "0".to_owned()),
    ] {
        let connections = json!({
            "ENABLE_OPENAI_API": true, "OPENAI_API_BASE_URLS": [address], "OPENAI_API_KEYS": ["sk-test"],
            "OPENAI_API_CONFIGS": {"0": {}},
        });
        app.post("/openai/config/update", &ada, connections).await;
        // The form keeps settings by their place alone; older data key them by address.
        let tree = json!({"openai": {
            "enable": true, "api_base_urls": [address], "api_keys": ["sk-test"],
            "api_configs": {key.clone(): {"prefix_id": "p", "headers": {"x-team": "blue"}}},
        }});
        app.post("/api/v1/configs/import", &ada, json!({"config": tree}))
            .await;
        let listed = app.get("/api/models?refresh=true", &ada).await;
        assert_eq!(listed["data"][0]["id"], "p.gpt", "{address:?} by {key:?}");
        let body = json!({"model": "p.gpt", "messages": messages()});
        app.post(PATH, &ada, body).await;
        let chat = server.chats().pop().expect("a chat");
        assert_eq!(chat.target, "/v1/chat/completions", "{address:?} by {key:?}");
        assert_eq!(chat.header("x-team"), ["blue"], "{address:?} by {key:?}");
    }
    drop(server);
    app.close().await;
}
