-- Groups that somebody has forgotten, with who it was: what they had not heard may be gone.
-- class: engine
create table {schema}.outbox_group_gone (
    grp     text        not null,
    gone_at timestamptz not null default clock_timestamp(),
    gone_by text        not null,
    low     bigint      not null,
    constraint outbox_group_gone_pkey primary key (grp, gone_at),
    constraint outbox_group_gone_texts check (length(grp) <= 100 and length(gone_by) <= 200)
);
grant select, insert on {schema}.outbox_group_gone to {schema}_system;
