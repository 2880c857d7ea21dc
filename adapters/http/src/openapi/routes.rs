//! How the operations are reached: what holds for the routes of every room.

use std::collections::HashMap;
use std::sync::Arc;

use poem::endpoint::{BoxEndpoint, make_sync};
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};
use poem_openapi::OpenApi;
use poem_openapi::error::ParsePathError;
use poem_openapi::registry::{MetaApi, MetaOperationParam, MetaParamIn, MetaSchemaRef, Registry};

use super::unbuilt::{is_unbuilt, unknown_operation};
use crate::error::ApiError;
use crate::param::misfit;

/// What the framework routes: the methods of each path.
pub(super) type Table = HashMap<String, HashMap<Method, BoxEndpoint<'static>>>;

/// The methods that a path may know; the others are refused by the framework.
const METHODS: [Method; 7] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
    Method::TRACE,
];

/// Serves the operations of an API: methods that a path does not know answer 405 with `Allow`, and parameters of a
/// path that do not fit are named as the path names them.
pub(crate) struct Routed<A>(pub(crate) A);

impl<A: OpenApi> OpenApi for Routed<A> {
    fn meta() -> Vec<MetaApi> {
        A::meta()
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
    }

    fn add_routes(self, table: &mut Table) {
        self.0.add_routes(table);
        let names = parameters::<A>();
        for (pattern, methods) in table.iter_mut() {
            if let Some(names) = names.get(pattern) {
                let named = |(method, inner)| (method, named(inner, names.clone()).boxed());
                *methods = std::mem::take(methods).into_iter().map(named).collect();
            }
            refuse_others(methods);
        }
    }
}

/// The names of the parameters of each path, under the pattern by which the framework routes it: it numbers them. Only of
/// paths with parameters that may not fit.
fn parameters<A: OpenApi>() -> HashMap<String, Arc<[String]>> {
    let paths = A::meta().into_iter().flat_map(|api| api.paths);
    paths
        .filter(|path| {
            path.operations
                .iter()
                .flat_map(|operation| &operation.params)
                .any(may_not_fit)
        })
        .map(|path| {
            let mut names = Vec::new();
            let numbered = |segment: &str| match segment.strip_prefix('{') {
                Some(name) => {
                    names.push(name.trim_end_matches('}').to_owned());
                    format!(":param{}", names.len() - 1)
                }
                None => segment.to_owned(),
            };
            let pattern: Vec<String> = path.path.split('/').map(numbered).collect();
            (pattern.join("/"), names.into())
        })
        .collect()
}

fn may_not_fit(parameter: &MetaOperationParam) -> bool {
    let is_text = matches!(&parameter.schema, MetaSchemaRef::Inline(schema) if schema.ty == "string");
    matches!(parameter.in_type, MetaParamIn::Path) && !is_text
}

/// Names a parameter of the path that does not fit, and what was sent for it.
fn named(inner: BoxEndpoint<'static>, names: Arc<[String]>) -> impl Endpoint<Output = Response> {
    inner.around(move |next, request| {
        let names = names.clone();
        async move {
            let key = |number: usize| format!("param{number}");
            let sent: Vec<Option<String>> = (0..names.len())
                .map(|number| request.raw_path_param(&key(number)).map(str::to_owned))
                .collect();
            next.call(request).await.map_err(|error| {
                let Some(wrong) = error.downcast_ref::<ParsePathError>() else {
                    return error;
                };
                let number = (0..names.len()).find(|number| key(*number) == wrong.name);
                let (name, sent) = number.map_or((wrong.name, None), |number| {
                    (names[number].as_str(), sent[number].clone())
                });
                ApiError::unprocessable(&[misfit("path", name, &wrong.reason, sent)]).into()
            })
        }
    })
}

/// Answers 405 to the methods that a path does not know, with those that it does.
fn refuse_others(methods: &mut HashMap<Method, BoxEndpoint<'static>>) {
    let known = METHODS.iter().filter(|method| methods.contains_key(method));
    let mut allowed: Vec<&str> = known.map(Method::as_str).collect();
    if methods.contains_key(&Method::GET) {
        allowed.push("HEAD");
    }
    let allowed = allowed.join(", ");
    for method in METHODS {
        methods.entry(method).or_insert_with(|| {
            let allowed = allowed.clone();
            make_sync(move |request| refuse(&request, &allowed))
                .map_to_response()
                .boxed()
        });
    }
}

/// 405, or 404 where the reference knows the method.
fn refuse(request: &Request, allowed: &str) -> Response {
    let path = request.uri().path();
    match is_unbuilt(request.method(), path) {
        true => unknown_operation(request.method(), path).into_response(),
        false => method_not_allowed(allowed),
    }
}

/// 405 with the methods that a path knows.
pub(crate) fn method_not_allowed(allowed: &str) -> Response {
    let error = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed");
    error
        .into_response()
        .with_header(header::ALLOW, allowed)
        .into_response()
}

#[cfg(test)]
mod tests {
    use poem::IntoEndpoint;
    use poem_openapi::OpenApiService;
    use poem_openapi::param::Path;
    use poem_openapi::payload::Json;
    use serde_json::{Value, json};

    use super::*;
    use crate::middleware::paths;
    use crate::shape::shaped;
    use crate::system::{Frontend, with_frontend};

    struct Api;

    #[OpenApi]
    impl Api {
        #[oai(path = "/openai/models/:url_idx", method = "get")]
        async fn get(&self, url_idx: Path<i64>) -> Json<i64> {
            Json(url_idx.0)
        }

        #[oai(path = "/api/v1/rooms", method = "get")]
        async fn list(&self) -> Json<i64> {
            Json(0)
        }
    }

    async fn send(method: Method, path: &str, frontend: Frontend) -> Response {
        let api = OpenApiService::new(Routed(Api), "test", "1").into_endpoint();
        let request = Request::builder().method(method).uri_str(path).finish();
        let routes = shaped(with_frontend(api, frontend)).map_to_response();
        paths::layer(routes).get_response(request).await
    }

    async fn json(response: Response) -> Value {
        let text = response.into_body().into_string().await.expect("a text");
        serde_json::from_str(&text).expect("JSON")
    }

    #[tokio::test]
    async fn a_parameter_of_a_path_is_named_as_the_path_names_it() {
        let response = send(Method::GET, "/openai/models/x", Frontend::default()).await;
        assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let fault = json(response).await["detail"][0].clone();
        assert_eq!(
            (&fault["type"], &fault["loc"], &fault["input"]),
            (&json!("int_parsing"), &json!(["path", "url_idx"]), &json!("x"))
        );
        let response = send(Method::GET, "/openai/models/7", Frontend::default()).await;
        assert_eq!(json(response).await, json!(7));
    }

    #[tokio::test]
    async fn a_method_that_a_path_does_not_know_is_refused_with_those_that_it_does() {
        let response = send(Method::PATCH, "/openai/models/7", Frontend::default()).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.header("allow"), Some("GET, HEAD"));
        assert_eq!(json(response).await["detail"], "Method Not Allowed");
    }

    #[tokio::test]
    async fn a_slash_at_the_end_makes_no_difference() {
        for path in ["/api/v1/rooms", "/api/v1/rooms/", "/api/v1/rooms/?page=1"] {
            let response = send(Method::GET, path, Frontend::default()).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        }
    }

    #[tokio::test]
    async fn unknown_operations_are_never_the_front_end_s_page() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("index.html"), "<html></html>").expect("a page");
        let frontend = || Frontend {
            build_dir: Some(folder.path().to_owned()),
            static_dir: None,
        };
        let response = send(Method::GET, "/any/page", frontend()).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(
            response.into_body().into_string().await.expect("a text"),
            "<html></html>"
        );
        for path in [
            "/api/nothing",
            "/ollama/nothing",
            "/openai/nothing",
            "/oauth/nothing",
        ] {
            let response = send(Method::GET, path, frontend()).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_eq!(json(response).await["detail"], "Not Found", "{path}");
        }
        let (method, template) = super::super::unbuilt::entries().next().expect("an entry");
        let path = template.replace(['{', '}'], "x");
        let response = send(method.parse().expect("a method"), &path, frontend()).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        let detail = json(response).await["detail"].to_string();
        assert!(detail.contains("not built yet"), "{detail}");
    }
}
