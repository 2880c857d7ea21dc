//! Prints the OpenAPI document without building the whole server: for work on the operations.

use std::io::Write;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document = keelson_http::openapi_document()?;
    Ok(std::io::stdout().write_all(document.as_bytes())?)
}
