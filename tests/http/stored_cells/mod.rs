//! Cells that hold what they should not, in every column of every table that lists read: a row is shown without the cell,
//! and all others beside it. The columns come from the databases themselves, so that none is forgotten.

mod schema;
mod tables;
mod values;

use std::collections::BTreeSet;

use poem::http::Method;
use regex::Regex;
use serde_json::Value;

use crate::support::{Answer, Postgres, TestApp};
use schema::Column;
use tables::{NOT_SHOWN, OF_ADMINS, TABLES, Table};
use values::{Backend, values};

/// A server over rows that are right, and who asks it.
struct Cells {
    app: TestApp,
    backend: Backend,
    ada: String,
    /// The owner of all rows.
    ben: String,
    ben_id: String,
    /// A user to whom nothing is shared.
    cleo: String,
}

/// The name of a row.
fn row(place: usize) -> String {
    format!("row-{place:02}")
}

impl Cells {
    async fn start(backend: Backend, url: &str) -> Self {
        let app = TestApp::with(&[("ENABLE_CHANNELS", "true"), ("DATABASE_URL", url)]).await;
        let ada = app.sign_up("ada").await;
        let ben = app.add_user(&ada, "ben").await;
        let cleo = app.add_user(&ada, "cleo").await;
        let ben_id = app.id_of(&ben).await;
        app.sql(&format!(
            "INSERT INTO folder (id, user_id, name, is_expanded, created_at, updated_at)
             VALUES ('inbox', '{ben_id}', 'inbox', FALSE, 1, 1)"
        ))
        .await;
        Self {
            app,
            backend,
            ada,
            ben,
            ben_id,
            cleo,
        }
    }

    /// A text with the names of a row in it.
    fn named(&self, text: &str, place: usize) -> String {
        text.replace("{row}", &row(place))
            .replace("{n}", &place.to_string())
            .replace("{ben}", &self.ben_id)
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let is_of_admins = OF_ADMINS.iter().any(|part| path.contains(part));
        let token = if is_of_admins { &self.ada } else { &self.ben };
        let method = method.parse::<Method>().expect("a method");
        let body = serde_json::from_str(body).ok();
        self.app.ask(method, path, Some(token), body).await
    }

    /// Begins anew with so many rows, all of which are right.
    async fn fill(&self, table: &Table, rows: usize) {
        let inserts: Vec<String> = (0..rows).map(|place| self.named(table.insert, place)).collect();
        self.app
            .sql(&format!("{}; {}", table.clean, inserts.join("; ")))
            .await;
    }

    /// Sets a column in rows; the first row stays right.
    async fn set(&self, table: &Table, column: &Column, cells: impl Iterator<Item = (usize, &String)>) {
        let updates: Vec<String> = cells
            .map(|(place, value)| {
                let is_row = self.named(table.is_row, place);
                format!(
                    "UPDATE \"{}\" SET \"{}\" = {value} WHERE {is_row}",
                    table.name, column.name
                )
            })
            .collect();
        self.app.sql(&updates.join("; ")).await;
    }

    /// The rows that a list shows; an error is what it says instead.
    async fn shown(&self, path: &str) -> Result<BTreeSet<String>, String> {
        let answer = self.ask("GET", &self.named(path, 0), "").await;
        if answer.status != 200 || answer.body.is_string() {
            return Err(format!("{} {:.300}", answer.status, answer.body.to_string()));
        }
        Ok(rows_in(&answer.body))
    }

    /// Puts a value into each row of a column and looks at everything that reads the table; answers what is wrong.
    async fn try_column(&self, table: &Table, column: &Column) -> Vec<String> {
        let values = values(column, self.backend);
        let sane = values.len() + 1;
        self.fill(table, sane + 1).await;
        let mut before = Vec::new();
        for path in table.lists {
            before.push((*path, self.shown(path).await.expect(path)));
        }
        self.set(table, column, (1..).zip(&values)).await;
        let mut wrong = Vec::new();
        for (path, before) in before {
            match self.shown(path).await {
                Ok(now) => {
                    // Where the cell decides whether the row is listed, the others must be; a page shows whoever is first.
                    let decides = table.placing.contains(&column.name.as_str()) || path.contains('?');
                    let is_page = before.len() <= sane;
                    let missing = before
                        .difference(&now)
                        .filter(|name| !decides || (**name == row(0) && !is_page));
                    wrong.extend(missing.map(|name| format!("{path} lacks {}", value_of(name, &values))));
                }
                Err(said) => {
                    let by = self.culprits(table, column, path).await;
                    wrong.push(format!("{path} says {said} because of {by:?}"));
                    self.fill(table, sane + 1).await;
                    self.set(table, column, (1..).zip(&values)).await;
                }
            }
        }
        wrong.extend(self.used(table, column, &values).await);
        if column.name == "access_control" {
            wrong.extend(self.opened(table, column).await);
        }
        let place = |what: String| format!("{}.{}: {what}", table.name, column.name);
        wrong.into_iter().map(place).collect()
    }

    /// The values that take a list down, each by itself.
    async fn culprits(&self, table: &Table, column: &Column, path: &str) -> Vec<String> {
        let mut found = Vec::new();
        for value in values(column, self.backend) {
            self.fill(table, 2).await;
            self.set(table, column, std::iter::once((1, &value))).await;
            if self.shown(path).await.is_err() {
                found.push(format!("{value:.80}"));
            }
        }
        found
    }

    /// What strangers see of rows whose rules cannot be read, each by itself.
    async fn opened(&self, table: &Table, column: &Column) -> Vec<String> {
        let mut wrong = Vec::new();
        let Some(path) = table.public else { return wrong };
        for value in values(column, self.backend) {
            self.fill(table, 2).await;
            self.set(table, column, std::iter::once((1, &value))).await;
            let answer = self.app.ask(Method::GET, path, Some(&self.cleo), None).await;
            let is_open = ["NULL", "'null'"].contains(&value.as_str());
            let seen = rows_in(&answer.body);
            if answer.status != 200 || (seen.contains(&row(1)) && !is_open) || seen.contains(&row(0)) {
                let said = answer.body.to_string();
                wrong.push(format!("{path} shows strangers {said:.300} for {value:.80}"));
            }
        }
        wrong
    }

    /// Reads, changes and deletes each row, as one that is right.
    async fn used(&self, table: &Table, column: &Column, values: &[String]) -> Vec<String> {
        let reads = table.reads.iter().map(|path| ("GET", *path, ""));
        let is_placing = table.placing.contains(&column.name.as_str());
        let mut wrong = Vec::new();
        for (method, path, body) in reads.chain(table.changes.iter().copied()) {
            let ask = async |place: usize| {
                let (path, body) = (self.named(path, place), self.named(body, place));
                self.ask(method, &path, &body).await
            };
            let sane = ask(values.len() + 1).await;
            if !sane.status.is_success() {
                wrong.push(format!(
                    "{method} {path} of a row that is right is {} {}",
                    sane.status, sane.body
                ));
            }
            for (place, value) in (1..).zip(values) {
                let answer = ask(place).await;
                let is_fine = match is_placing {
                    true => !answer.status.is_server_error(),
                    false => answer.status == sane.status && answer.body.is_string() == sane.body.is_string(),
                };
                if !is_fine {
                    let said = answer.body.to_string();
                    wrong.push(format!(
                        "{method} {path} with {value:.80} is {} {said:.300}",
                        answer.status
                    ));
                }
            }
        }
        wrong
    }

    /// Tries all columns of all tables.
    async fn try_all(&self, columns: &[Column]) {
        let mut wrong = Vec::new();
        for table in TABLES {
            let is_tried =
                |column: &&Column| column.table == table.name && !table.keys.contains(&column.name.as_str());
            for column in columns.iter().filter(is_tried) {
                wrong.extend(self.try_column(table, column).await);
            }
            self.app.sql(table.clean).await;
        }
        assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
    }
}

/// The names of rows in a document.
fn rows_in(document: &Value) -> BTreeSet<String> {
    let name = Regex::new(r"row-\d\d").expect("a pattern");
    let text = document.to_string();
    name.find_iter(&text)
        .map(|found| found.as_str().to_owned())
        .collect()
}

/// The value that a row was given.
fn value_of(name: &str, values: &[String]) -> String {
    let place: usize = name
        .strip_prefix("row-")
        .and_then(|digits| digits.parse().ok())
        .expect("a number");
    match place.checked_sub(1).and_then(|place| values.get(place)) {
        Some(value) => format!("{value:.80}"),
        None => format!("{name}, which is right"),
    }
}

/// Every table of a schema is tried or excused, and no other is named.
fn check_tables(columns: &[Column]) {
    let all: BTreeSet<&str> = columns.iter().map(|column| column.table.as_str()).collect();
    let named = TABLES.iter().map(|table| table.name);
    let named: BTreeSet<&str> = named.chain(NOT_SHOWN.iter().map(|(table, _)| *table)).collect();
    assert_eq!(
        all, named,
        "tables of the schema, and those that are tried or excused"
    );
    for table in TABLES {
        for column in table.keys.iter().chain(table.placing) {
            let is_known = |known: &Column| known.table == table.name && known.name == *column;
            assert!(
                columns.iter().any(is_known),
                "{}.{column} is no column",
                table.name
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cells.db");
    let path = path.to_str().unwrap();
    let cells = Cells::start(Backend::Sqlite, &format!("sqlite:///{path}")).await;
    let columns = schema::of_sqlite(path);
    check_tables(&columns);
    cells.try_all(&columns).await;
    cells.app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres() {
    let server = Postgres::start();
    let cells = Cells::start(Backend::Postgres, &server.url()).await;
    let columns = schema::of_postgres(&server);
    check_tables(&columns);
    cells.try_all(&columns).await;
    cells.app.close().await;
}
