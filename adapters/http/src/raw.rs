//! Answers that are made as a whole response: files, streams, pages, redirects, documents relayed as text.
//!
//! `Raw<M>` sends any response; `M` says for the document of what type it is: `Raw<Picture>`, `Raw<JsonText<Chat>>`,
//! `Raw<(JsonText<Completion>, EventStream)>`.

use std::marker::PhantomData;

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{
    MetaMediaType, MetaResponse, MetaResponses, MetaSchema, MetaSchemaRef, Registry,
};
use poem_openapi::types::Type;

/// A response as it is, declared as `M`.
pub struct Raw<M>(Response, PhantomData<fn() -> M>);

impl<M> From<Response> for Raw<M> {
    fn from(response: Response) -> Self {
        Self(response, PhantomData)
    }
}

impl<M> IntoResponse for Raw<M> {
    fn into_response(self) -> Response {
        self.0
    }
}

/// What a response may hold.
pub trait Media {
    /// What it is, in words.
    const MEANING: &'static str;

    /// The media types with their schemas.
    fn content() -> Vec<MetaMediaType>;

    /// Registers the types that the schemas refer to.
    fn register(_registry: &mut Registry) {}

    /// Where the response may lead instead of holding the content itself, in words.
    const REDIRECT: Option<&'static str> = None;
}

impl<M: Media> ApiResponse for Raw<M> {
    fn meta() -> MetaResponses {
        let response = |status, description, content| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers: vec![],
        };
        let held = response(200, M::MEANING, M::content());
        let redirect = M::REDIRECT.map(|meaning| response(302, meaning, vec![]));
        MetaResponses {
            responses: [held].into_iter().chain(redirect).collect(),
        }
    }

    fn register(registry: &mut Registry) {
        M::register(registry);
    }
}

fn binary(content_type: &'static str) -> MetaMediaType {
    MetaMediaType {
        content_type,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary"))),
    }
}

fn text(content_type: &'static str) -> MetaMediaType {
    MetaMediaType {
        content_type,
        schema: MetaSchemaRef::Inline(Box::new(MetaSchema::new("string"))),
    }
}

/// A file of any type.
pub struct AnyFile;

impl Media for AnyFile {
    const MEANING: &'static str = "The file, with its own type.";

    fn content() -> Vec<MetaMediaType> {
        vec![binary("application/octet-stream")]
    }
}

/// A picture, or a redirect to where it is.
pub struct Picture;

impl Media for Picture {
    const MEANING: &'static str = "The picture.";
    const REDIRECT: Option<&'static str> = Some("The picture is elsewhere.");

    fn content() -> Vec<MetaMediaType> {
        vec![binary("image/*")]
    }
}

/// An OpenSearch description.
pub struct OpenSearch;

impl Media for OpenSearch {
    const MEANING: &'static str = "The OpenSearch description.";

    fn content() -> Vec<MetaMediaType> {
        vec![text("application/xml")]
    }
}

/// Server-sent events.
pub struct EventStream;

impl Media for EventStream {
    const MEANING: &'static str = "Server-sent events.";

    fn content() -> Vec<MetaMediaType> {
        vec![text("text/event-stream")]
    }
}

/// A JSON document of type `T` that is text already.
pub struct JsonText<T>(PhantomData<fn() -> T>);

impl<T: Type> Media for JsonText<T> {
    const MEANING: &'static str = "The document.";

    fn content() -> Vec<MetaMediaType> {
        vec![MetaMediaType {
            content_type: "application/json",
            schema: T::schema_ref(),
        }]
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

/// One of two, by what was asked for.
impl<A: Media, B: Media> Media for (A, B) {
    const MEANING: &'static str = "What was asked for.";

    fn content() -> Vec<MetaMediaType> {
        A::content().into_iter().chain(B::content()).collect()
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
        B::register(registry);
    }
}
