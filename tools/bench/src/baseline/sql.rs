//! The statements of both baselines.

/// Names role and tenant; travels with the statements that follow it.
pub(super) const BEGIN: &str = "begin; set local role socle_bench;
    select set_config('socle.tenant', '{tenant}', true)";

pub(super) const RESERVE: &str = "
    insert into socle_bench.idempotency
        (tenant_id, key, fingerprint, transfers, recorded_at, correlation)
    values ($1, $2, $3, array[$4::uuid], $5, $6) on conflict do nothing";

pub(super) const LOCK: &str = "
    select id, asset, floor, is_closed, balance, pending_debit, seq, recorded_at
    from socle_bench.account where tenant_id = $1 and id in ($2, $3)
    order by id for no key update";

pub(super) const REFUSE: &str = "
    update socle_bench.idempotency set refusal = $3::text::json
    where tenant_id = $1 and key = $2";

pub(super) const ACCOUNT: &str = "
    update socle_bench.account set balance = $3, seq = $4, recorded_at = $5
    where tenant_id = $1 and id = $2";

pub(super) const TRANSFER: &str = "
    with head as (
        insert into socle_bench.journal as j (tenant_id, number) values ($1, 1)
        on conflict (tenant_id) do update set number = j.number + 1
        returning number
    )
    insert into socle_bench.transfer
        (tenant_id, id, number, kind, flow, recorded_at, effective_at, accounts, seqs,
         actortype, actorid, correlation, fingerprint)
    select $1::uuid, $2::uuid, number, $3::text, 0, $4::timestamptz, $4, $5::uuid[], $6::int8[],
           'person', $7::text, $8::uuid, $9::int8 from head";

pub(super) const ENTRIES: &str = "
    insert into socle_bench.entry
        (tenant_id, account_id, seq, transfer_id, amount, balance, effective_at, flow)
    values ($1, $3, $4, $2, 1, $5, $9, 0), ($1, $6, $7, $2, -1, $8, $9, 0)";

/// Each in the order of the accounts' keys.
pub(super) const ROLLUP: &str = "
    insert into socle_bench.rollup as d (tenant_id, account_id, day, credit, debit, expired)
    select $1::uuid, r.*, 0 from (values
        ($2::uuid, ($4::timestamptz at time zone 'utc')::date, 1, 0),
        ($3::uuid, ($4::timestamptz at time zone 'utc')::date, 0, 1)
    ) as r (account_id, day, credit, debit) order by r.account_id
    on conflict (tenant_id, account_id, day) do update
    set credit = d.credit + excluded.credit, debit = d.debit + excluded.debit";

pub(super) const OUTBOX: &str = "
    insert into socle_bench.outbox
        (tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
         correlationid, data)
    values ($1, $2, $3, 1, $4, $5, $6, 'person', $7, $8, $9::text::json)";

/// All of it on the server: the role is the session's, the tenant is set inside.
pub(super) const CALL: &str =
    "select baseline.post($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

/// `data` is a format with the two sequences and balances left open.
pub(crate) const FUNCTION: &str = "
    create schema baseline;
    grant usage on schema baseline to socle_bench;
    create function baseline.post(
        tenant uuid, a_key uuid, a_fingerprint bigint, transfer uuid, payer uuid, payee uuid,
        at timestamptz, actor text, correlation uuid, event_type text, a_partition text, data text
    ) returns bigint language plpgsql as $body$
    declare
        it record; low record; high record; debited record; credited record;
        a_number bigint; a_time timestamptz;
    begin
        perform set_config('socle.tenant', tenant::text, true);
        insert into socle_bench.idempotency
            (tenant_id, key, fingerprint, transfers, recorded_at, correlation)
        values (tenant, a_key, a_fingerprint, array[transfer], at, correlation)
        on conflict do nothing;
        if not found then return null; end if;
        select * into low from socle_bench.account
        where tenant_id = tenant and id = least(payer, payee) for no key update;
        select * into high from socle_bench.account
        where tenant_id = tenant and id = greatest(payer, payee) for no key update;
        if low.id = payer then debited := low; credited := high;
        else debited := high; credited := low; end if;
        if debited.balance - debited.pending_debit - 1 < debited.floor or debited.is_closed then
            update socle_bench.idempotency
            set refusal = json_build_object('refused', 'insufficient', 'available',
                                            debited.balance)
            where tenant_id = tenant and key = a_key;
            return null;
        end if;
        a_time := greatest(at, debited.recorded_at, credited.recorded_at);
        update socle_bench.account as a
        set balance = a.balance + 1, seq = a.seq + 1, recorded_at = a_time
        where a.tenant_id = tenant and a.id = payee;
        update socle_bench.account as a
        set balance = a.balance - 1, seq = a.seq + 1, recorded_at = a_time
        where a.tenant_id = tenant and a.id = payer;
        insert into socle_bench.entry
            (tenant_id, account_id, seq, transfer_id, amount, balance, effective_at, flow)
        values (tenant, payee, credited.seq + 1, transfer, 1, credited.balance + 1, a_time, 0),
               (tenant, payer, debited.seq + 1, transfer, -1, debited.balance - 1, a_time, 0);
        insert into socle_bench.rollup as d (tenant_id, account_id, day, credit, debit, expired)
        select tenant, r.*, 0 from (values
            (payee, (a_time at time zone 'utc')::date, 1, 0),
            (payer, (a_time at time zone 'utc')::date, 0, 1)
        ) as r (account_id, day, credit, debit) order by r.account_id
        on conflict (tenant_id, account_id, day) do update
        set credit = d.credit + excluded.credit, debit = d.debit + excluded.debit;
        insert into socle_bench.journal as j (tenant_id, number) values (tenant, 1)
        on conflict (tenant_id) do update set number = j.number + 1 returning number into a_number;
        insert into socle_bench.transfer
            (tenant_id, id, number, kind, flow, recorded_at, effective_at, accounts, seqs,
             actortype, actorid, correlation, fingerprint)
        values (tenant, transfer, a_number, 'earn', 0, a_time, a_time, array[payee, payer],
                array[credited.seq + 1, debited.seq + 1], 'person', actor, correlation,
                a_fingerprint);
        insert into socle_bench.outbox
            (tenant_id, id, type, dataversion, partitionkey, sequence, time, actortype, actorid,
             correlationid, data)
        values (tenant, transfer, event_type, 1, a_partition, credited.seq + 1, a_time, 'person',
                actor, correlation,
                format(data, credited.seq + 1, credited.balance + 1, debited.seq + 1,
                       debited.balance - 1)::json);
        return a_number;
    end $body$;
    grant execute on function baseline.post to socle_bench;";
