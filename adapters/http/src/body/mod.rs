//! JSON bodies, checked as the reference checks them: every missing or wrong field is named in a 422.

mod check;

use std::io;

use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, Registry};
use poem_openapi::types::{ParseFromJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::{Value, json};

use check::schema;
use keelson_domain::chat::strip_nulls;
use keelson_domain::shared::json;

use crate::error::{ApiError, Place, ValidationError};

/// A JSON body of type `T`.
pub struct Body<T>(pub T);

/// A JSON body that may be missing, empty or `null`.
pub struct OptionalBody<T>(pub Option<T>);

/// Parses and checks a body.
///
/// # Errors
/// 422 in FastAPI's shape when it is not JSON or does not fit `T`.
pub fn parse<T: Type + ParseFromJSON + 'static>(data: &[u8]) -> Result<T, ApiError> {
    let mut value = if data.is_empty() {
        Value::Null
    } else {
        document(data)?
    };
    // PostgreSQL keeps no null characters, so none comes in.
    strip_nulls(&mut value);
    let errors = schema::<T>().errors(&mut value);
    if !errors.is_empty() {
        return Err(ApiError::unprocessable(&errors));
    }
    T::parse_from_json(Some(value)).map_err(|error| {
        wrong(ValidationError::new(
            "value_error",
            body_place(),
            error.into_message(),
            Value::Null,
        ))
    })
}

fn body_place() -> Vec<Place> {
    vec![Place::from("body")]
}

fn wrong(error: ValidationError) -> ApiError {
    ApiError::unprocessable(&[error])
}

fn document(data: &[u8]) -> Result<Value, ApiError> {
    json::read(data).map_err(|error| {
        // The reference tells the place as a count of characters.
        let lines = data
            .split_inclusive(|byte| *byte == b'\n')
            .take(error.line().saturating_sub(1));
        let before: usize = lines.map(<[u8]>::len).sum();
        // At the end of the text the place is behind it, not at its last character.
        let place = before + error.column().saturating_sub(usize::from(!error.is_eof()));
        let loc = vec![Place::from("body"), Place::from(place)];
        wrong(ValidationError::new("json_invalid", loc, "JSON decode error", json!({})).with_cause(&error))
    })
}

/// Reads a request's body. One that says that it is no JSON is no document, whatever it looks like: pages of other
/// sites may send such bodies without being asked first.
async fn read(request: &Request, body: &mut RequestBody) -> poem::Result<Vec<u8>> {
    let data = <Vec<u8> as FromRequest>::from_request(request, body).await?;
    if data.is_empty() || request.content_type().is_none_or(is_json) {
        return Ok(data);
    }
    let text = String::from_utf8_lossy(&data);
    let error = ValidationError::new(
        "model_attributes_type",
        body_place(),
        check::NO_MODEL,
        json!(text),
    );
    Err(wrong(error).into())
}

fn is_json(kind: &str) -> bool {
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence
        .strip_prefix("application/")
        .is_some_and(|subtype| subtype == "json" || subtype.ends_with("+json"))
}

/// 413.
pub(crate) fn too_large() -> ApiError {
    ApiError::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The body of this request is too large.",
    )
}

/// What an error in reading a body means to the client.
pub(crate) fn read_error(error: &io::Error) -> ApiError {
    // poem wraps errors in errors.
    let mut error = error;
    while let Some(inner) = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<io::Error>())
    {
        error = inner;
    }
    match error.kind() {
        io::ErrorKind::FileTooLarge => too_large(),
        io::ErrorKind::TimedOut => ApiError::new(
            StatusCode::REQUEST_TIMEOUT,
            "The body of this request did not arrive.",
        ),
        _ => ApiError::bad_request("The body of this request could not be read."),
    }
}

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

impl<'a, T: ParseFromJSON + Type + 'static> ApiExtractor<'a> for Body<T> {
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
        let data = read(request, body).await?;
        Ok(Self(parse(&data)?))
    }
}

impl<'a, T: ParseFromJSON + Type + 'static> ApiExtractor<'a> for OptionalBody<T> {
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
        let data = read(request, body).await?;
        if data.is_empty() || data.as_slice() == b"null" {
            return Ok(Self(None));
        }
        Ok(Self(Some(parse(&data)?)))
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::{Object, Union};

    use super::*;
    use crate::json::Text;

    #[derive(Object, Debug)]
    struct Inner {
        name: String,
    }

    #[derive(Union, Debug, PartialEq)]
    enum Choice {
        Text(Text),
        Number(i64),
    }

    #[derive(Object, Debug)]
    struct Choosing {
        choice: Option<Choice>,
    }

    #[derive(Object, Debug)]
    struct Form {
        title: String,
        count: Option<i64>,
        flag: Option<bool>,
        inner: Option<Vec<Inner>>,
    }

    fn locs(body: &str) -> Vec<String> {
        let error = parse::<Form>(body.as_bytes()).expect_err("the body is wrong");
        assert_eq!(error.status().as_u16(), 422);
        let text = error.to_string();
        let detail: Value =
            serde_json::from_str(text.split_once("Entity ").expect("a detail").1).expect("JSON");
        detail
            .as_array()
            .expect("a list")
            .iter()
            .map(|e| e["loc"].to_string())
            .collect()
    }

    #[test]
    fn names_every_missing_and_wrong_field() {
        assert_eq!(
            locs(r#"{"count": "x", "inner": [{"name": 1}, {}]}"#),
            [
                r#"["body","title"]"#,
                r#"["body","count"]"#,
                r#"["body","inner",0,"name"]"#,
                r#"["body","inner",1,"name"]"#,
            ]
        );
        assert_eq!(locs("[]"), [r#"["body"]"#]);
        assert_eq!(locs(""), [r#"["body"]"#]);
        assert_eq!(locs("{").len(), 1);
    }

    fn first(body: &str) -> Value {
        let text = parse::<Form>(body.as_bytes())
            .expect_err("the body is wrong")
            .to_string();
        let detail: Value =
            serde_json::from_str(text.split_once("Entity ").expect("a detail").1).expect("JSON");
        detail[0].clone()
    }

    #[test]
    fn tells_what_is_wrong_as_the_reference_does() {
        for (body, kind, input) in [
            ("", "missing", json!(null)),
            ("null", "missing", json!(null)),
            ("[]", "model_attributes_type", json!([])),
            (r#"{"title": 1}"#, "string_type", json!(1)),
            (r#"{"title": "a", "count": "x"}"#, "int_parsing", json!("x")),
            (r#"{"title": "a", "count": 1.5}"#, "int_from_float", json!(1.5)),
            (r#"{"title": "a", "count": []}"#, "int_type", json!([])),
            (
                r#"{"title": "a", "flag": "maybe"}"#,
                "bool_parsing",
                json!("maybe"),
            ),
            (r#"{"title": "a", "inner": {}}"#, "list_type", json!({})),
        ] {
            let error = first(body);
            assert_eq!(
                (&error["type"], &error["input"]),
                (&json!(kind), &input),
                "{body}"
            );
        }
        let error = first("{\n  \"a\": x}");
        assert_eq!(
            (&error["type"], &error["loc"]),
            (&json!("json_invalid"), &json!(["body", 9]))
        );
    }

    #[test]
    fn takes_what_means_the_same() {
        let form: Form = parse(br#"{"title": "a", "count": "5", "flag": "Yes"}"#).expect("fits");
        assert_eq!((form.count, form.flag), (Some(5), Some(true)));
        let form: Form = parse(br#"{"title": "a", "count": 5.0, "flag": 0}"#).expect("fits");
        assert_eq!((form.count, form.flag), (Some(5), Some(false)));
    }

    #[test]
    fn one_of_several_types_is_enough() {
        for (sent, expected) in [
            ("null", None),
            ("1", Some(Choice::Number(1))),
            ("-1", Some(Choice::Number(-1))),
            ("2.0", Some(Choice::Number(2))),
            ("true", Some(Choice::Number(1))),
            (r#""1""#, Some(Choice::Text(Text("1".to_owned())))),
            (r#""""#, Some(Choice::Text(Text(String::new())))),
        ] {
            let body = format!(r#"{{"choice": {sent}}}"#);
            let form: Choosing = parse(body.as_bytes()).expect("fits");
            assert_eq!(form.choice, expected, "{sent}");
        }
        for sent in ["1.5", "[]", "{}"] {
            let body = format!(r#"{{"choice": {sent}}}"#);
            let error = parse::<Choosing>(body.as_bytes()).expect_err("no choice");
            let text = error.to_string();
            let detail: Value =
                serde_json::from_str(text.split_once("Entity ").expect("a detail").1).expect("JSON");
            let places: Vec<&Value> = detail
                .as_array()
                .into_iter()
                .flatten()
                .map(|it| &it["loc"])
                .collect();
            let expected = [json!(["body", "choice", "str"]), json!(["body", "choice", "int"])];
            assert_eq!(places, expected.iter().collect::<Vec<_>>(), "{sent}");
        }
    }

    #[test]
    fn only_json_is_json() {
        for kind in [
            "application/json",
            "application/json; charset=utf-8",
            "Application/Problem+JSON",
        ] {
            assert!(is_json(kind), "{kind}");
        }
        for kind in ["text/plain", "application/x-www-form-urlencoded", "text/json", ""] {
            assert!(!is_json(kind), "{kind}");
        }
    }

    #[test]
    fn takes_what_fits() {
        let form: Form = parse(br#"{"title": "a", "count": null, "other": 1}"#).expect("fits");
        assert_eq!(
            (form.title.as_str(), form.count, form.inner.is_none()),
            ("a", None, true)
        );
    }
}
