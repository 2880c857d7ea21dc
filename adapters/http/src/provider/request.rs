use std::marker::PhantomData;

use bytes::Bytes;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::{Map, Value};

use crate::body::{limit, read_document};
use crate::json::JsonObject;

/// A JSON object that is declared as `T` and relayed as it came: its fields are not checked here, because providers know
/// fields that `T` does not. It may hold so many values whatever its size.
pub(crate) struct RelayedBody<T, const VALUES: usize = { limit::VALUES }>(
    pub(crate) Map<String, Value>,
    PhantomData<fn() -> T>,
);

/// A body that is declared as `T` and relayed without being read.
pub(crate) struct RelayedBytes<T>(pub(crate) Bytes, PhantomData<fn() -> T>);

fn request_meta<T: Type>(required: bool) -> MetaRequest {
    MetaRequest {
        description: None,
        content: vec![MetaMediaType {
            content_type: "application/json",
            schema: T::schema_ref(),
        }],
        required,
    }
}

impl<'a, T: Type, const VALUES: usize> ApiExtractor<'a> for RelayedBody<T, VALUES> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta::<T>(true))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let document: JsonObject = read_document(request, body, limit::CONTENT, VALUES).await?;
        Ok(Self(document.0, PhantomData))
    }
}

impl<'a, T: Type> ApiExtractor<'a> for RelayedBytes<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];
    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn request_meta() -> Option<MetaRequest> {
        Some(request_meta::<T>(false))
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<()>,
    ) -> poem::Result<Self> {
        let body = <Vec<u8> as FromRequest>::from_request(request, body).await?;
        Ok(Self(body.into(), PhantomData))
    }
}
