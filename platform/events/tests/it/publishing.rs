//! Facts lie in the outbox if, and only if, what they tell of has happened.

use serde::{Deserialize, Serialize};
use socle_db::{Db, Module, Tx};
use socle_events::publish;
use socle_kernel::{Common, Cx, Event, Fault, Revision};
use socle_testkit::{TestDatabase, cx, elsewhere};
use sqlx::{AssertSqlSafe, FromRow};

const MODULE: Module = Module { name: "kitchen", platform: &[socle_events::TABLES], own: &[] };

/// The table whose events have their words in their key.
const LONG_KEY: i64 = 13;

#[derive(Debug, Serialize, Deserialize)]
struct SoupServed {
    table: i64,
    words: String,
}

impl Event for SoupServed {
    const TYPE: &str = "kitchen.soup.served";
    const TOPIC: &str = "kitchen.soups.v1";
    const DATAVERSION: i16 = 3;

    fn partition_key(&self) -> String {
        format!("table_{}{}", self.table, self.words.repeat(usize::from(self.table == LONG_KEY)))
    }

    fn sequence(&self) -> Revision {
        Revision::counted(self.table)
    }
}

#[derive(Debug, PartialEq, FromRow)]
struct Row {
    tenant: String,
    #[sqlx(rename = "type")]
    event_type: String,
    dataversion: i16,
    partitionkey: String,
    sequence: i64,
    actor: String,
    correlation: String,
    causation: Option<String>,
    data: String,
}

const ROWS: &str = "
    select tenant_id::text as tenant, type, dataversion, partitionkey, sequence,
           actortype || ' ' || actorid as actor, correlationid::text as correlation,
           causationid::text as causation, data::text as data
    from socle_kitchen.outbox order by xid, seq";

async fn rows(database: &TestDatabase) -> Vec<Row> {
    let mut session = database.superuser().await;
    sqlx::query_as(ROWS).fetch_all(&mut session).await.expect("the outbox is read")
}

async fn serve(db: &Db, cx: &Cx, table: i64, words: &str) -> Result<(), Fault> {
    let event = &SoupServed { table, words: words.to_owned() };
    db.run(cx, async |tx: &mut Tx| publish(cx, tx, event).await).await
}

#[tokio::test]
async fn a_fact_carries_its_envelope() {
    let (database, mut cx) = (TestDatabase::of(&[MODULE]).await, cx());
    cx.causation = Some(cx.new_id::<()>().uuid());

    serve(&database.db("kitchen"), &cx, 7, "hot \"soup\"").await.expect("served");

    let expected = Row {
        tenant: cx.tenant.uuid().to_string(),
        event_type: "kitchen.soup.served".to_owned(),
        dataversion: 3,
        partitionkey: "table_7".to_owned(),
        sequence: 7,
        actor: format!("person {}", cx.actor.id()),
        correlation: cx.correlation.to_string(),
        causation: cx.causation.map(|it| it.to_string()),
        data: r#"{"table":7,"words":"hot \"soup\""}"#.to_owned(),
    };
    assert_eq!(rows(&database).await, [expected]);
}

#[tokio::test]
async fn what_did_not_happen_is_not_told() {
    let (database, cx) = (TestDatabase::of(&[MODULE]).await, cx());

    let event = &SoupServed { table: 1, words: String::new() };
    let done: Result<(), Common> = database
        .db("kitchen")
        .run(&cx, async |tx: &mut Tx| {
            publish(&cx, tx, event).await?;
            Err(Common::Stale)
        })
        .await;

    assert!(done.is_err());
    assert_eq!(rows(&database).await, []);
}

#[tokio::test]
async fn a_fact_that_cannot_be_stored_fails_what_it_tells_of() {
    let (database, cx) = (TestDatabase::of(&[MODULE]).await, cx());

    let long = serve(&database.db("kitchen"), &cx, LONG_KEY, &"x".repeat(200)).await;

    assert!(long.is_err());
    assert_eq!(rows(&database).await, []);
}

#[tokio::test]
async fn a_module_cannot_read_change_or_forge_facts() {
    let (database, here) = (TestDatabase::of(&[MODULE]).await, cx());
    serve(&database.db("kitchen"), &here, 1, "").await.expect("served");
    let theirs = elsewhere(&here).tenant.uuid();
    let forged = format!(
        "insert into socle_kitchen.outbox (tenant_id, id, type, dataversion, partitionkey,
             sequence, time, actortype, actorid, correlationid, data)
         values ('{theirs}', gen_random_uuid(), 't', 1, 'k', 1, now(), 'a', 'a',
                 gen_random_uuid(), '{{}}')"
    );

    for sql in [
        "select * from socle_kitchen.outbox",
        "update socle_kitchen.outbox set type = 'x'",
        "delete from socle_kitchen.outbox",
        &forged,
    ] {
        let mut session = database.superuser().await;
        let take = format!("set role socle_kitchen; set socle.tenant = '{}'", here.tenant.uuid());
        sqlx::raw_sql(AssertSqlSafe(take)).execute(&mut session).await.expect("the role is taken");
        let refused = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await;
        assert!(refused.is_err(), "{sql}");
    }
    assert_eq!(rows(&database).await.len(), 1);
}
