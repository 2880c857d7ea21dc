//! What cells may hold that nobody wrote there on purpose, as SQL.

use super::schema::{Column, Kind};

/// Whose rules about what goes into a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Backend {
    Sqlite,
    Postgres,
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn nested(levels: usize) -> String {
    format!("{}{}", "[".repeat(levels), "]".repeat(levels))
}

/// JSON that PostgreSQL lets into a column of the type `json`.
fn odd_json() -> Vec<String> {
    let deep = nested(300);
    [
        r#"{"title":"odd","history":{"messages":{"a":{"id":"a","role":"user","content":"x \ud83d"}}}}"#,
        r#"{"tags":["\ude00"],"read":{"user_ids":["\ud83d"]}}"#,
        r#"{"a":1e400,"history":{"messages":{"a":{"content":-1e400}}}}"#,
        r#"{"a":1e400000,"b":1e-400000,"c":"1e400000","d":"\\ud83d\u0000"}"#,
        r#"{"history":{"messages":[1,"x",null,{"content":5}]},"messages":{"a":1},"tags":{"a":1}}"#,
        r#"{"history":7,"tags":"t1","read":"x","models":5,"params":[1],"meta":[],"ui":[]}"#,
        r#"{"history":{"currentId":[],"messages":{"a":7,"b":{"timestamp":"x","models":7,"childrenIds":5}}},"timestamp":-1e300}"#,
        r#"{"tags":[null,1,{"name":7},["x"]],"read":{"user_ids":"x","group_ids":{"a":1}}}"#,
        r#"{"user_ids":[1],"file_ids":"x","content":{"md":7},"rating":"good","model_id":[],"name":1,"size":"big"}"#,
        r#"{"chat":[],"workspace":true,"features":{"api_keys":"yes"},"config":{"share":[]}}"#,
        &deep,
        "1e400",
        "[1]",
        r#""text""#,
        "5",
        "true",
        "null",
    ]
    .map(str::to_owned)
    .into()
}

/// What is no JSON, which SQLite lets into any column, and every backend into text.
fn no_json() -> Vec<String> {
    let (deep, too_deep) = (nested(200), nested(5_000));
    [
        "",
        " ",
        "{oops",
        r#"{"title":"cut off","history":{"mess"#,
        "NaN",
        "-Infinity",
        r#"{"a":NaN,"history":{"messages":{"a":{"content":"x","n":Infinity}}}}"#,
        "{'a': None}",
        "\u{feff}{}",
        "undefined",
        "[1,]",
        &deep,
        &too_deep,
    ]
    .map(str::to_owned)
    .into()
}

/// Texts that a check of what may be stored would refuse.
fn odd_texts() -> Vec<String> {
    let long = "long ".repeat(20_000);
    [
        "\u{1f600} \u{202e}\u{200b}\u{1}\u{7f}\u{85}",
        "a\r\nSet-Cookie: x=1\tb",
        "../../etc/passwd",
        "javascript:alert(1)",
        "ADMIN",
        "%25%00&?#/\\",
        &long,
    ]
    .map(str::to_owned)
    .into()
}

fn texts(longest: Option<usize>) -> Vec<String> {
    let all = [no_json(), odd_json(), odd_texts()].concat().into_iter();
    let fitting = all.filter(|text| longest.is_none_or(|longest| text.chars().count() <= longest));
    fitting.map(|text| quoted(&text)).collect()
}

/// What SQLite keeps in any column, whatever its type.
fn of_other_types(kind: Kind) -> Vec<String> {
    let mut all = vec!["X''", "'a' || char(0) || 'b'", "7", "1.5", "9e999"];
    // Texts whose bytes are no UTF-8 are read by no driver, the reference's neither.
    if kind != Kind::Text {
        all.extend(["CAST(X'7B2261223A22FF80' AS TEXT)", "X'FF00'"]);
    }
    all.into_iter().map(str::to_owned).collect()
}

/// Numbers at the ends of what fits.
fn numbers(declared: &str) -> Vec<String> {
    let (least, most) = match declared {
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    [least, most, 0, -1, 1, most / 2, most - 1]
        .map(|number| number.to_string())
        .into()
}

/// What a column is tried with, as SQL.
pub(super) fn values(column: &Column, backend: Backend) -> Vec<String> {
    let longest = column.declared.split(['(', ')']).nth(1);
    let longest = longest.and_then(|digits| digits.parse().ok());
    let is_sqlite = backend == Backend::Sqlite;
    let mut all = match (column.kind, backend) {
        (Kind::Json, Backend::Postgres) => odd_json().iter().map(|json| quoted(json)).collect(),
        (Kind::Json, Backend::Sqlite) => texts(None),
        (Kind::Text, Backend::Postgres) => texts(longest),
        (Kind::Text, Backend::Sqlite) => texts(None),
        (Kind::Date, Backend::Sqlite) => ["", "yesterday", "2000-02-31", "0", "20000101", "2000-1-1-1", "-"]
            .map(quoted)
            .into(),
        (Kind::Date, Backend::Postgres) => ["infinity", "-infinity", "5874897-12-31", "4713-01-01 BC"]
            .map(quoted)
            .into(),
        (Kind::Whole, Backend::Sqlite) => {
            [numbers("bigint"), vec!["'soon'".to_owned(), "''".to_owned()]].concat()
        }
        (Kind::Whole, Backend::Postgres) => numbers(&column.declared),
        (Kind::Boolean, Backend::Sqlite) => ["2", "-1", "'yes'", "''", "0", "1"].map(str::to_owned).into(),
        (Kind::Boolean, Backend::Postgres) => ["true", "false"].map(str::to_owned).into(),
    };
    if is_sqlite {
        all.extend(of_other_types(column.kind));
    }
    if column.may_be_null {
        all.push("NULL".to_owned());
    }
    all
}
