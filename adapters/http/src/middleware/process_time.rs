//! `x-process-time`: whole seconds from the request to the start of its answer.

use std::time::Instant;

use poem::http::HeaderValue;
use poem::{Endpoint, EndpointExt, Response};

pub(crate) fn layer<E>(inner: E) -> impl Endpoint<Output = Response>
where
    E: Endpoint<Output = Response> + 'static,
{
    inner.around(|next, request| async move {
        let start = Instant::now();
        let mut response = next.call(request).await?;
        response
            .headers_mut()
            .insert("x-process-time", HeaderValue::from(start.elapsed().as_secs()));
        Ok(response)
    })
}
