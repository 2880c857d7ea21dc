//! JSON values beyond what poem-openapi's own types say.
//!
//! In the document an `Option<T>` may be left out or `null`; a [`Nullable<T>`] is always there and may be `null`. So
//! requests take `Option`, answers have `Nullable`. A free column, such as the `meta` of a folder, is a [`Free`] object
//! with a name of its own.

use std::borrow::Cow;
use std::marker::PhantomData;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::{Map, Value};

/// The fields that a body has beyond the named ones, in their order. Use it as the *last* field of an
/// object, with `#[oai(flatten)]`, where clients may send more than the contract names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra(pub Map<String, Value>);

impl Type for Extra {
    const IS_REQUIRED: bool = false;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "object".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            additional_properties: Some(Box::new(Value::schema_ref())),
            ..MetaSchema::new("object")
        }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Extra {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(Value::Object(fields)) => Ok(Self(fields)),
            Some(other) => Err(ParseError::expected_type(other)),
        }
    }
}

impl ToJSON for Extra {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.0.clone()))
    }
}

/// A JSON object of any shape, where the contract says `dict`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JsonObject(pub Map<String, Value>);

impl Type for JsonObject {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "object".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        Extra::schema_ref()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for JsonObject {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::Object(fields)) => Ok(Self(fields)),
            other => Err(ParseError::expected_type(other.unwrap_or(Value::Null))),
        }
    }
}

impl ToJSON for JsonObject {
    fn to_json(&self) -> Option<Value> {
        Some(Value::Object(self.0.clone()))
    }
}

/// What a [`Free`] object holds.
pub trait Column: Send + Sync {
    /// Its name in the document.
    const NAME: &'static str;
    /// What it holds.
    const DESCRIPTION: &'static str;
}

/// A JSON object whose fields are its writer's own: a column that the server keeps and does not read.
#[derive(Debug)]
pub struct Free<C>(Value, PhantomData<fn() -> C>);

impl<C> Free<C> {
    /// The value; an object, unless it comes from old data.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// The fields.
    pub fn into_fields(self) -> Map<String, Value> {
        match self.0 {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

impl<C> Default for Free<C> {
    /// Without fields.
    fn default() -> Self {
        Value::Object(Map::new()).into()
    }
}

impl<C> From<Value> for Free<C> {
    fn from(value: Value) -> Self {
        Self(value, PhantomData)
    }
}

impl<C: Column> Type for Free<C> {
    const IS_REQUIRED: bool = true;
    type RawValueType = Value;
    type RawElementValueType = Value;

    fn name() -> Cow<'static, str> {
        C::NAME.into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Reference(C::NAME.to_owned())
    }

    fn register(registry: &mut Registry) {
        registry.create_schema::<Self, _>(C::NAME.to_owned(), |_| MetaSchema {
            title: Some(C::NAME.to_owned()),
            description: Some(C::DESCRIPTION),
            additional_properties: Some(Box::new(Value::schema_ref())),
            ..MetaSchema::new("object")
        });
    }

    fn as_raw_value(&self) -> Option<&Value> {
        Some(&self.0)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Value> + 'a> {
        Box::new(std::iter::once(&self.0))
    }
}

impl<C: Column> ParseFromJSON for Free<C> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(object @ Value::Object(_)) => Ok(object.into()),
            other => Err(ParseError::expected_type(other.unwrap_or(Value::Null))),
        }
    }
}

impl<C: Column> ToJSON for Free<C> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

/// A text that is nothing but a text: poem-openapi's own takes numbers for texts, which would hide them where a field may
/// be either.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub String);

impl Type for Text {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        String::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        String::schema_ref()
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromJSON for Text {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            Some(Value::String(text)) => Ok(Self(text)),
            other => Err(ParseError::expected_type(other.unwrap_or_default())),
        }
    }
}

impl ToJSON for Text {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.0.clone()))
    }
}

/// A value that is JSON already, declared as `T`.
#[derive(Debug)]
pub struct Declared<T>(Value, PhantomData<fn() -> T>);

impl<T> From<Value> for Declared<T> {
    fn from(value: Value) -> Self {
        Self(value, PhantomData)
    }
}

impl<T: Type> Type for Declared<T> {
    const IS_REQUIRED: bool = T::IS_REQUIRED;
    type RawValueType = Value;
    type RawElementValueType = Value;

    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Value> {
        Some(&self.0)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Value> + 'a> {
        Box::new(std::iter::once(&self.0))
    }
}

impl<T: Type> ParseFromJSON for Declared<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Ok(value.unwrap_or_default().into())
    }
}

impl<T: Type> ToJSON for Declared<T> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

/// A schema that `null` fits too.
pub(crate) fn nullable(schema: MetaSchemaRef) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(match schema {
        MetaSchemaRef::Inline(schema) => MetaSchema {
            nullable: true,
            ..*schema
        },
        reference => MetaSchema {
            nullable: true,
            all_of: vec![reference],
            ..MetaSchema::ANY
        },
    }))
}

/// A value that must be sent but may be `null`: the contract's "required and nullable". `Option` alone may be
/// left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nullable<T>(pub Option<T>);

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        Self(value)
    }
}

impl<T: Type> Type for Nullable<T> {
    const IS_REQUIRED: bool = true;
    type RawValueType = T::RawValueType;
    type RawElementValueType = T::RawElementValueType;

    fn name() -> Cow<'static, str> {
        format!("nullable_{}", T::name()).into()
    }

    fn schema_ref() -> MetaSchemaRef {
        nullable(T::schema_ref())
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.0.as_ref().and_then(Type::as_raw_value)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
        match &self.0 {
            Some(value) => value.raw_element_iter(),
            None => Box::new(std::iter::empty()),
        }
    }
}

impl<T: ParseFromJSON> ParseFromJSON for Nullable<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        match value {
            None | Some(Value::Null) => Ok(Self(None)),
            some => T::parse_from_json(some)
                .map(|value| Self(Some(value)))
                .map_err(ParseError::propagate),
        }
    }
}

impl<T: ToJSON> ToJSON for Nullable<T> {
    fn to_json(&self) -> Option<Value> {
        self.0.as_ref().map_or(Some(Value::Null), ToJSON::to_json)
    }
}
