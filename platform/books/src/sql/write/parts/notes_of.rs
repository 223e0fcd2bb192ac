//! Parts that tell of what happened: metadata, kept refusals, events, the module's own rows.

use serde_json::Value;

use super::{Answers, Column, Columns, Part, PartSql, facts_of::slices, part};
use crate::{
    Table,
    engine::changes::Changes,
    sql::write::columns::{ids, texts},
};

const METADATA: &str = "
    insert into {schema}.metadata (tenant_id, key, value, number, transfer_id)
    select r.tenant_id, r.key, r.value, head.number - r.behind, r.transfer_id
    from unnest(@1::uuid[], @2::text[], @3::text[], @4::int8[], @5::uuid[])
        as r (tenant_id, key, value, behind, transfer_id)
    join head on head.tenant_id = r.tenant_id
    where $1::uuid is null or r.tenant_id = $1
    on conflict do nothing";

pub(super) fn metadata(changes: &Changes) -> Option<Part> {
    let rows = changes.posted.iter().zip(changes.behind());
    let pieces = rows.flat_map(|(row, behind)| {
        row.posted.metadata.iter().map(move |(key, value)| (row, key, value, behind))
    });
    let pieces: Vec<_> = pieces.collect();
    part(
        METADATA,
        vec![
            ids(pieces.iter().map(|it| it.0.tenant)),
            texts(pieces.iter().map(|it| it.1)),
            texts(pieces.iter().map(|it| it.2)),
            Column::Int8(pieces.iter().map(|it| it.3).collect()),
            ids(pieces.iter().map(|it| it.0.posted.id)),
        ],
    )
}

const REFUSALS: &str = "
    update {schema}.idempotency as k set refusal = r.refusal
    from unnest(@1::uuid[], @2::uuid[], @3::json[]) as r (tenant_id, key, refusal)
    where k.tenant_id = r.tenant_id and k.key = r.key and ($1::uuid is null or k.tenant_id = $1)";

pub(super) fn refusals(Answers { refused, .. }: &Answers) -> Option<Part> {
    let json = refused.iter().map(|it| serde_json::to_string(&it.2));
    let json = json.map(|it| it.expect("a refusal is plain data")).collect();
    part(
        REFUSALS,
        vec![
            ids(refused.iter().map(|it| it.0)),
            Column::Uuid(refused.iter().map(|it| it.1).collect()),
            Column::Text(json),
        ],
    )
}

const MADE: &str = "
    update {schema}.idempotency as k set transfers = (@3::uuid[])[r.first:r.last]
    from unnest(@1::uuid[], @2::uuid[], @4::int4[], @5::int4[])
        as r (tenant_id, key, first, last)
    where k.tenant_id = r.tenant_id and k.key = r.key and ($1::uuid is null or k.tenant_id = $1)";

pub(super) fn made(Answers { made, .. }: &Answers) -> Option<Part> {
    let (firsts, lasts) = slices(made.iter().map(|it| it.2.len()));
    part(
        MADE,
        vec![
            ids(made.iter().map(|it| it.0)),
            Column::Uuid(made.iter().map(|it| it.1).collect()),
            ids(made.iter().flat_map(|it| it.2.iter().copied())),
            Column::Int4(firsts),
            Column::Int4(lasts),
        ],
    )
}

pub(super) fn events(changes: &Changes) -> Option<Part> {
    let facts = changes.facts.clone();
    (!facts.is_empty()).then_some(Part { sql: PartSql::Outbox, columns: Columns::Facts(facts) })
}

/// The modules' own rows, one part a table; each is its unit's tenant's.
pub(super) fn own_rows(changes: &Changes) -> Vec<Part> {
    let mut tables: Vec<(&'static Table, Vec<Value>)> = Vec::new();
    for (tenant, row) in &changes.rows {
        let mut values = row.values.clone();
        values["tenant_id"] = tenant.uuid().to_string().into();
        match tables.iter_mut().find(|it| it.0 == row.table) {
            Some((_, rows)) => rows.push(values),
            None => tables.push((row.table, vec![values])),
        }
    }
    let each = tables.into_iter().map(|(table, rows)| {
        let rows = serde_json::to_string(&rows).expect("JSON values are plain data");
        let columns = Columns::Arrays(vec![Column::Document(rows)]);
        Part { sql: PartSql::Own(table), columns }
    });
    each.collect()
}
