//! Parameters, read as the reference reads them.

use std::borrow::Cow;

use poem::{Request, RequestBody};
use poem_openapi::registry::{MetaParamIn, MetaSchemaRef};
use poem_openapi::types::{ParseError, ParseFromParameter, ParseResult, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::Value;

use crate::body::excerpt;
use crate::error::{Place, ValidationError};

/// A switch: `true`, `1`, `yes`, `on` and their opposites, in any case. Python clients send `True`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

impl From<Flag> for bool {
    fn from(flag: Flag) -> Self {
        flag.0
    }
}

/// What a word says, if it is one for true or false.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "t" | "1" | "yes" | "y" | "on" => Some(true),
        "false" | "f" | "0" | "no" | "n" | "off" => Some(false),
        _ => None,
    }
}

impl Type for Flag {
    const IS_REQUIRED: bool = true;
    type RawValueType = bool;
    type RawElementValueType = bool;

    fn name() -> Cow<'static, str> {
        bool::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        bool::schema_ref()
    }

    fn as_raw_value(&self) -> Option<&bool> {
        Some(&self.0)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a bool> + 'a> {
        Box::new(std::iter::once(&self.0))
    }
}

impl ParseFromParameter for Flag {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        truth(value)
            .map(Self)
            .ok_or_else(|| ParseError::custom("not a boolean"))
    }
}

/// The rest of a path, slashes included: the parameter of a path that ends with `*name`, which the argument is named for.
pub struct Rest(pub String);

impl<'a> ApiExtractor<'a> for Rest {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = true;
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Path)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(String::schema_ref())
    }

    fn param_raw_type(&self) -> Option<&String> {
        Some(&self.0)
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        options: ExtractParamOptions<String>,
    ) -> poem::Result<Self> {
        Ok(Self(
            request
                .raw_path_param(options.name)
                .unwrap_or_default()
                .to_owned(),
        ))
    }
}

/// A parameter that is missing or not of its type. The framework tells only a text; the types' names stand in it.
pub(crate) fn misfit(place: &str, name: &str, reason: &str, given: Option<String>) -> ValidationError {
    let longest = reason
        .split_once("maxLength(")
        .and_then(|(_, rest)| rest.split(')').next()?.parse().ok());
    if let (Some(most), Some(text)) = (longest, &given) {
        let loc = vec![Place::from(place), Place::from(name)];
        return ValidationError::too_long(loc, most, excerpt(&Value::String(text.clone())));
    }
    let (kind, message) = match given {
        None if place == "query" => ("missing", "Field required"),
        _ if reason.contains("integer") => (
            "int_parsing",
            "Input should be a valid integer, unable to parse string as an integer",
        ),
        _ if reason.contains("boolean") => (
            "bool_parsing",
            "Input should be a valid boolean, unable to interpret input",
        ),
        _ if reason.contains("number") => (
            "float_parsing",
            "Input should be a valid number, unable to parse string as a number",
        ),
        _ => ("value_error", reason),
    };
    let input = given.map_or(Value::Null, |text| excerpt(&Value::String(text)));
    ValidationError::new(kind, vec![Place::from(place), Place::from(name)], message, input)
}
