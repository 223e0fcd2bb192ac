//! A module with rows of its own, and an event for each transfer.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use socle_books::{Announcement, Row, Table};
use socle_db::{Migration, Module};
use socle_events::Fact;
use socle_kernel::{Event, Fault, Id, Revision};
use socle_testkit::TestDatabase;

use crate::world::{MODULE, World};

pub(crate) static NOTES: Table =
    Table { name: "socle_shop.note", columns: "tenant_id, title, number, body" };

pub(crate) const WITH_NOTES: Module = Module {
    own: &[Migration {
        version: 1,
        description: "notes",
        sql: "
            create table socle_shop.note (
                tenant_id uuid not null,
                title     text not null,
                number    int  not null,
                body      text,
                constraint note_title_taken primary key (tenant_id, title),
                -- Named as a rule of the books might be.
                constraint entry_number_positive check (0 < number)
            );
            alter table socle_shop.note enable row level security, force row level security;
            create policy tenant on socle_shop.note to socle_shop
                using (tenant_id = (select current_setting('socle.tenant'))::uuid)
                with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
            create policy system on socle_shop.note to socle_shop_system
                using (true) with check (true);
            grant select, insert on socle_shop.note to socle_shop, socle_shop_system;",
    }],
    ..MODULE
};

/// What the shop tells the others of a transfer.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TransferPosted {
    pub(crate) transfer: String,
    pub(crate) account: String,
    pub(crate) amount: i64,
    pub(crate) seq: i64,
}

impl Event for TransferPosted {
    const TYPE: &str = "shop.transfer.posted";
    const TOPIC: &str = "shop.transfers.v1";
    const DATAVERSION: i16 = 3;

    fn partition_key(&self) -> String {
        self.account.clone()
    }

    fn sequence(&self) -> Revision {
        Revision::counted(self.seq)
    }
}

pub(crate) fn announce(of: &Announcement<'_>) -> Result<Fact, Fault> {
    let leg = &of.posted.legs[0];
    let event = TransferPosted {
        transfer: of.posted.id.to_string(),
        account: leg.account.to_string(),
        amount: leg.amount.minor(),
        seq: leg.seq,
    };
    let id = Id::from_uuid(of.posted.id.uuid());
    Fact::of(&event, id, of.tenant, of.posted.recorded_at, of.author.clone())
}

pub(crate) fn note(title: &str, number: i32) -> Row {
    with(json!({ "title": title, "number": number }))
}

pub(crate) fn with(values: Value) -> Row {
    Row { table: &NOTES, values }
}

pub(crate) async fn world_with_notes() -> World {
    World::on(TestDatabase::of(&[WITH_NOTES]).await)
}
