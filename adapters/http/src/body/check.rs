//! Compares a document with the schema of a type, as pydantic does: every fault is named with its place, and what means
//! the same (`"5"` for 5, `"true"` for true) is taken.

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use serde_json::{Value, json};

use super::excerpt;
use crate::error::{Place, ValidationError};

/// How many faults an answer names; beyond them nothing is looked at.
const MAX_ERRORS: usize = 100;
/// The longest text, in characters, of a field that declares no `maxLength` of its own.
const MAX_TEXT: usize = 65_536;

pub(super) const NO_MODEL: &str = "Input should be a valid dictionary or object to extract fields from";

/// A type's schema with everything that it refers to.
pub(super) struct Schema {
    root: MetaSchemaRef,
    registry: Registry,
}

/// The schemas of the bodies seen so far; a type's schema never changes.
static SCHEMAS: LazyLock<RwLock<HashMap<TypeId, Arc<Schema>>>> = LazyLock::new(RwLock::default);

pub(super) fn schema<T: Type + 'static>() -> Arc<Schema> {
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
    /// What is wrong with a body; values that mean the right thing are made right.
    pub(super) fn errors(&self, body: &mut Value) -> Vec<ValidationError> {
        let nullable = self
            .resolve(&self.root)
            .is_none_or(|schema| schema.nullable || schema.ty.is_empty());
        if body.is_null() && !nullable {
            return vec![missing(vec![Place::from("body")], &Value::Null)];
        }
        let mut errors = Vec::new();
        self.check(&self.root, body, &[Place::from("body")], &mut errors);
        errors
    }

    fn resolve<'s>(&'s self, reference: &'s MetaSchemaRef) -> Option<&'s MetaSchema> {
        match reference {
            MetaSchemaRef::Inline(schema) => Some(schema),
            MetaSchemaRef::Reference(name) => self.registry.schemas.get(name),
        }
    }

    /// Collects what is wrong with `value` at `loc`.
    fn check(
        &self,
        reference: &MetaSchemaRef,
        value: &mut Value,
        loc: &[Place],
        errors: &mut Vec<ValidationError>,
    ) {
        if errors.len() >= MAX_ERRORS {
            return;
        }
        let Some(schema) = self.resolve(reference) else {
            return;
        };
        if value.is_null() && (schema.nullable || schema.ty.is_empty()) {
            return;
        }
        for part in &schema.all_of {
            self.check(part, value, loc, errors);
        }
        if !schema.any_of.is_empty() {
            self.check_choices(&schema.any_of, value, loc, errors);
            return;
        }
        if let Err((kind, message)) = fit(schema, value) {
            errors.push(ValidationError::new(kind, loc.to_vec(), message, excerpt(value)));
            return;
        }
        match value {
            Value::String(text) if schema.ty == "string" => {
                let most = schema.max_length.unwrap_or(MAX_TEXT);
                if is_longer(text, most) {
                    errors.push(ValidationError::too_long(loc.to_vec(), most, excerpt(value)));
                }
            }
            Value::Object(_) => self.check_fields(schema, value, loc, errors),
            Value::Array(items) => {
                if let Some(item) = &schema.items {
                    for (index, value) in items.iter_mut().enumerate() {
                        if errors.len() >= MAX_ERRORS {
                            return;
                        }
                        self.check(item, value, &at(loc, Place::from(index)), errors);
                    }
                }
            }
            _ => {}
        }
    }

    /// A value must fit one of several schemas; one that fits none has the faults of all, each at a place that is named
    /// for its type.
    fn check_choices(
        &self,
        choices: &[MetaSchemaRef],
        value: &mut Value,
        loc: &[Place],
        errors: &mut Vec<ValidationError>,
    ) {
        let mut faults = Vec::new();
        for choice in choices {
            let mut meant = value.clone();
            let before = faults.len();
            let name = self.resolve(choice).map_or("any", type_name);
            self.check(choice, &mut meant, &at(loc, Place::from(name)), &mut faults);
            if faults.len() == before {
                *value = meant;
                return;
            }
        }
        faults.truncate(MAX_ERRORS);
        errors.append(&mut faults);
    }

    fn check_fields(
        &self,
        schema: &MetaSchema,
        object: &mut Value,
        loc: &[Place],
        errors: &mut Vec<ValidationError>,
    ) {
        for name in schema.required.iter().filter(|name| object.get(**name).is_none()) {
            errors.push(missing(at(loc, Place::from(*name)), object));
        }
        let Value::Object(fields) = object else { return };
        for (name, property) in &schema.properties {
            let Some(field) = fields.get_mut(*name) else {
                continue;
            };
            if field.is_null() && !schema.required.contains(name) {
                continue;
            }
            self.check(property, field, &at(loc, Place::from(*name)), errors);
        }
        if let (Some(any), true) = (&schema.additional_properties, schema.properties.is_empty()) {
            for (name, field) in fields {
                self.check(any, field, &at(loc, Place::from(name.as_str())), errors);
            }
        }
    }
}

/// Whether a text has more characters than `most`.
fn is_longer(text: &str, most: usize) -> bool {
    text.len() > most && text.chars().nth(most).is_some()
}

fn at(loc: &[Place], next: Place) -> Vec<Place> {
    loc.iter().cloned().chain([next]).collect()
}

fn missing(loc: Vec<Place>, input: &Value) -> ValidationError {
    ValidationError::new("missing", loc, "Field required", excerpt(input))
}

/// A schema's type as the reference names it in places.
fn type_name(schema: &MetaSchema) -> &str {
    match schema.ty {
        "string" => "str",
        "integer" => "int",
        "number" => "float",
        "boolean" => "bool",
        "array" => "list",
        _ => schema.title.as_deref().unwrap_or("dict"),
    }
}

type Fault = (&'static str, &'static str);

/// Whether a value is of the schema's type; one that means such a value is replaced by it.
fn fit(schema: &MetaSchema, value: &mut Value) -> Result<(), Fault> {
    match schema.ty {
        "string" if !value.is_string() => Err(("string_type", "Input should be a valid string")),
        "integer" => fit_integer(value),
        "number" => fit_number(value),
        "boolean" => fit_boolean(value),
        "array" if !value.is_array() => Err(("list_type", "Input should be a valid list")),
        "object" if !value.is_object() && schema.properties.is_empty() => {
            Err(("dict_type", "Input should be a valid dictionary"))
        }
        "object" if !value.is_object() => Err(("model_attributes_type", NO_MODEL)),
        _ => Ok(()),
    }
}

fn fit_integer(value: &mut Value) -> Result<(), Fault> {
    let meant = match value {
        Value::Number(number) if number.is_f64() => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            // Beyond 2^53 a fraction cannot be told.
            if number.fract() != 0.0 || number.abs() > 9e15 {
                return Err((
                    "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part",
                ));
            }
            json!(number as i64)
        }
        Value::Number(_) => return Ok(()),
        Value::Bool(flag) => json!(i64::from(*flag)),
        Value::String(text) => match text.trim().parse::<i64>() {
            Ok(number) => json!(number),
            Err(_) => {
                return Err((
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer",
                ));
            }
        },
        _ => return Err(("int_type", "Input should be a valid integer")),
    };
    *value = meant;
    Ok(())
}

fn fit_number(value: &mut Value) -> Result<(), Fault> {
    let meant = match value {
        Value::Number(_) => return Ok(()),
        Value::Bool(flag) => json!(f64::from(u8::from(*flag))),
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => json!(number),
            _ => {
                return Err((
                    "float_parsing",
                    "Input should be a valid number, unable to parse string as a number",
                ));
            }
        },
        _ => return Err(("float_type", "Input should be a valid number")),
    };
    *value = meant;
    Ok(())
}

fn fit_boolean(value: &mut Value) -> Result<(), Fault> {
    let meant = match value {
        Value::Bool(_) => return Ok(()),
        Value::String(text) => crate::param::truth(text),
        Value::Number(number) => match number.as_f64() {
            Some(0.0) => Some(false),
            Some(1.0) => Some(true),
            _ => None,
        },
        _ => return Err(("bool_type", "Input should be a valid boolean")),
    };
    match meant {
        Some(flag) => {
            *value = json!(flag);
            Ok(())
        }
        None => Err((
            "bool_parsing",
            "Input should be a valid boolean, unable to interpret input",
        )),
    }
}
