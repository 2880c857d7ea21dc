//! The columns of a database, as the database itself tells them.

use diesel::sql_types::{Bool, Text};
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};

use crate::support::Postgres;

/// What a column holds, by its declared type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Json,
    Text,
    Date,
    Whole,
    Boolean,
}

impl Kind {
    /// By the name of a type; none for times, which only this server's own bookkeeping has.
    fn named(declared: &str) -> Option<Self> {
        let name = declared.to_lowercase();
        let name = name.split('(').next().unwrap_or_default();
        match name {
            "json" | "jsonb" => Some(Self::Json),
            "text" | "varchar" | "character varying" => Some(Self::Text),
            "date" => Some(Self::Date),
            // SQLite's tables of chats keep seconds in columns that were made for times.
            "integer" | "bigint" | "datetime" => Some(Self::Whole),
            "boolean" => Some(Self::Boolean),
            _ => None,
        }
    }
}

/// A column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) may_be_null: bool,
    /// The type as it is declared.
    pub(super) declared: String,
}

impl Column {
    fn new(table: &str, name: &str, declared: &str, may_be_null: bool) -> Self {
        let kind = Kind::named(declared);
        Self {
            table: table.to_owned(),
            name: name.to_owned(),
            kind: kind.unwrap_or_else(|| panic!("{table}.{name} is of an unknown type: {declared}")),
            may_be_null,
            declared: declared.to_lowercase(),
        }
    }
}

/// Tables that nothing of this server reads: bookkeeping of migrations, and what older versions of the reference left.
const UNREAD: [&str; 5] = [
    "__diesel_schema_migrations",
    "alembic_version",
    "chatidtag",
    "document",
    "migratehistory",
];

fn is_read(table: &str) -> bool {
    !UNREAD.contains(&table) && !table.starts_with("sqlite_")
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    declared: String,
    #[diesel(sql_type = Bool)]
    may_be_null: bool,
}

/// The columns of a SQLite file.
pub(super) fn of_sqlite(path: &str) -> Vec<Column> {
    let mut connection = SqliteConnection::establish(path).expect("the file opens");
    let rows: Vec<Row> = sql_query(
        "SELECT m.name AS \"table\", c.name AS name, c.type AS declared, c.\"notnull\" = 0 AS may_be_null \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid",
    )
    .load(&mut connection)
    .expect("SQLite describes its tables");
    rows.into_iter()
        .filter(|row| is_read(&row.table))
        .map(|row| Column::new(&row.table, &row.name, &row.declared, row.may_be_null))
        .collect()
}

/// The columns of a PostgreSQL database.
pub(super) fn of_postgres(server: &Postgres) -> Vec<Column> {
    let told = server.ask(
        "SELECT table_name, column_name, data_type || coalesce('(' || character_maximum_length || ')', ''), is_nullable \
         FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position",
    );
    told.lines()
        .map(|line| line.split('|').collect::<Vec<_>>())
        .filter(|cells| is_read(cells[0]) && !cells[2].starts_with("timestamp"))
        .map(|cells| Column::new(cells[0], cells[1], cells[2], cells[3] == "YES"))
        .collect()
}
