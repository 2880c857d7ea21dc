//! JSON bodies, checked as the reference checks them: every missing or wrong field is named in a 422.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use poem::{FromRequest, Request, RequestBody};
use poem_openapi::registry::{MetaMediaType, MetaRequest, MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromJSON, Type};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use serde_json::{Value, json};

use crate::error::ApiError;

/// A JSON body of type `T`.
pub struct Body<T>(pub T);

/// A JSON body that may be missing, empty or `null`.
pub struct OptionalBody<T>(pub Option<T>);

/// A type's schema with everything that it refers to.
struct Schema {
    root: MetaSchemaRef,
    registry: Registry,
}

/// The schemas of the bodies seen so far; a type's schema never changes.
static SCHEMAS: LazyLock<RwLock<HashMap<TypeId, Arc<Schema>>>> = LazyLock::new(RwLock::default);

fn schema<T: Type + 'static>() -> Arc<Schema> {
    let id = TypeId::of::<T>();
    if let Some(schema) = SCHEMAS.read().ok().and_then(|schemas| schemas.get(&id).cloned()) {
        return schema;
    }
    let mut registry = Registry::new();
    T::register(&mut registry);
    let schema = Arc::new(Schema {
        root: T::schema_ref(),
        registry,
    });
    if let Ok(mut schemas) = SCHEMAS.write() {
        schemas.insert(id, schema.clone());
    }
    schema
}

impl Schema {
    fn resolve<'s>(&'s self, reference: &'s MetaSchemaRef) -> Option<&'s MetaSchema> {
        match reference {
            MetaSchemaRef::Inline(schema) => Some(schema),
            MetaSchemaRef::Reference(name) => self.registry.schemas.get(name),
        }
    }

    /// Collects what is wrong with `value` at `loc`.
    fn check(&self, reference: &MetaSchemaRef, value: &Value, loc: &[Value], errors: &mut Vec<Value>) {
        let Some(schema) = self.resolve(reference) else {
            return;
        };
        if value.is_null() && (schema.nullable || schema.ty.is_empty()) {
            return;
        }
        for part in &schema.all_of {
            self.check(part, value, loc, errors);
        }
        let fits = match schema.ty {
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => true,
        };
        if !fits {
            errors.push(type_error(schema.ty, value, loc));
            return;
        }
        match value {
            Value::Object(fields) => {
                for name in schema.required.iter().filter(|name| !fields.contains_key(**name)) {
                    errors.push(json!({
                        "type": "missing", "loc": at(loc, json!(name)), "msg": "Field required", "input": value,
                    }));
                }
                for (name, property) in &schema.properties {
                    let Some(field) = fields.get(*name) else { continue };
                    if field.is_null() && !schema.required.contains(name) {
                        continue;
                    }
                    self.check(property, field, &at(loc, json!(name)), errors);
                }
                if let (Some(any), true) = (&schema.additional_properties, schema.properties.is_empty()) {
                    for (name, field) in fields {
                        self.check(any, field, &at(loc, json!(name)), errors);
                    }
                }
            }
            Value::Array(items) => {
                if let Some(item) = &schema.items {
                    for (index, value) in items.iter().enumerate() {
                        self.check(item, value, &at(loc, json!(index)), errors);
                    }
                }
            }
            _ => {}
        }
    }
}

fn at(loc: &[Value], name: Value) -> Vec<Value> {
    loc.iter().cloned().chain([name]).collect()
}

fn type_error(expected: &str, value: &Value, loc: &[Value]) -> Value {
    let (kind, message) = match expected {
        "string" => ("string_type", "Input should be a valid string"),
        "integer" => ("int_type", "Input should be a valid integer"),
        "number" => ("float_type", "Input should be a valid number"),
        "boolean" => ("bool_type", "Input should be a valid boolean"),
        "array" => ("list_type", "Input should be a valid list"),
        _ => ("dict_type", "Input should be a valid dictionary"),
    };
    json!({"type": kind, "loc": loc, "msg": message, "input": value})
}

/// Parses and checks a body.
///
/// # Errors
/// 422 in FastAPI's shape when it is not JSON or does not fit `T`.
pub fn parse<T: Type + ParseFromJSON + 'static>(data: &[u8]) -> Result<T, ApiError> {
    if data.is_empty() {
        return Err(ApiError::unprocessable(vec![
            json!({"type": "missing", "loc": ["body"], "msg": "Field required", "input": null}),
        ]));
    }
    let value: Value = serde_json::from_slice(data).map_err(|error| {
        ApiError::unprocessable(vec![json!({
            "type": "json_invalid", "loc": ["body", error.column()], "msg": "JSON decode error",
            "input": {}, "ctx": {"error": error.to_string()},
        })])
    })?;
    let schema = schema::<T>();
    let mut errors = Vec::new();
    schema.check(&schema.root, &value, &[json!("body")], &mut errors);
    if !errors.is_empty() {
        return Err(ApiError::unprocessable(errors));
    }
    T::parse_from_json(Some(value)).map_err(|error| {
        ApiError::unprocessable(vec![
            json!({"type": "value_error", "loc": ["body"], "msg": error.into_message(), "input": null}),
        ])
    })
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
        let data = <Vec<u8> as FromRequest>::from_request(request, body).await?;
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
        let data = <Vec<u8> as FromRequest>::from_request(request, body).await?;
        if data.is_empty() || data.as_slice() == b"null" {
            return Ok(Self(None));
        }
        Ok(Self(Some(parse(&data)?)))
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::Object;

    use super::*;

    #[derive(Object, Debug)]
    struct Inner {
        name: String,
    }

    #[derive(Object, Debug)]
    struct Form {
        title: String,
        count: Option<i64>,
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

    #[test]
    fn takes_what_fits() {
        let form: Form = parse(br#"{"title": "a", "count": null, "other": 1}"#).expect("fits");
        assert_eq!(
            (form.title.as_str(), form.count, form.inner.is_none()),
            ("a", None, true)
        );
    }
}
