use diesel::{QueryResult, RunQueryDsl, sql_query};
use diesel_migrations::MigrationHarness;

use super::super::{BASELINE, Contents, Inspection, Name, RECORD_BASELINE, RECORDS, failed};
use super::{Backend, Connection, MIGRATIONS, SELECT_TABLES};
use crate::DatabaseError;

fn names(connection: &mut Connection, query: &str) -> QueryResult<Vec<String>> {
    let rows = sql_query(query).load::<Name>(connection)?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Looks at what a database holds.
pub(super) fn inspect(connection: &mut Connection) -> QueryResult<Inspection> {
    let tables = names(connection, SELECT_TABLES)?;
    let mut column = |table: &str, column: &str| {
        if tables.iter().any(|name| name == table) {
            names(
                connection,
                &format!("SELECT CAST({column} AS TEXT) AS name FROM {table}"),
            )
        } else {
            Ok(Vec::new())
        }
    };
    let revisions = column("alembic_version", "version_num")?;
    let records = column(RECORDS, "version")?;
    Ok(Inspection {
        tables,
        revisions,
        records,
    })
}

/// Brings a database up to date, in the transaction that the caller began.
pub(super) fn upgrade(connection: &mut Connection) -> Result<(), DatabaseError> {
    let contents = inspect(connection)?.classify(BASELINE)?;
    if contents == Contents::Reference {
        // Makes the table of records where it is missing.
        MigrationHarness::<Backend>::applied_migrations(connection).map_err(failed)?;
        sql_query(RECORD_BASELINE).execute(connection)?;
    }
    MigrationHarness::<Backend>::run_pending_migrations(connection, MIGRATIONS).map_err(failed)?;
    Ok(())
}
