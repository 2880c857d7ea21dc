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
    let detail: Value = serde_json::from_str(text.split_once("Entity ").expect("a detail").1).expect("JSON");
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
    let detail: Value = serde_json::from_str(text.split_once("Entity ").expect("a detail").1).expect("JSON");
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
