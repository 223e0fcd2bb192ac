-- What programs show to say who they are. The text of a key is nowhere; `hash` finds it.
-- class: tenant
create table socle_auth.api_key (
    tenant_id        uuid        not null,
    id               uuid        not null,
    -- What the key stands for; a rotation makes another key of the same app.
    app_id           uuid        not null,
    name             text        not null,
    -- The beginning of the text, by which people tell keys apart.
    prefix           text        not null,
    -- SHA-256 of the text.
    hash             bytea       not null,
    scopes           text[]      not null,
    limit_per_minute bigint      not null,
    created_by       text        not null,
    created_at       timestamptz not null,
    -- Null is for ever.
    expires_at       timestamptz,
    -- To the minute.
    last_used_at     timestamptz,
    -- Another key has taken its place.
    rotated_at       timestamptz,
    revoked_at       timestamptz,
    primary key (tenant_id, id),
    constraint api_key_of_tenant foreign key (tenant_id) references socle_auth.tenant (id),
    constraint api_key_hash_is_one unique (tenant_id, hash),
    constraint api_key_hash_length check (length(hash) = 32),
    constraint api_key_name_length check (length(name) between 1 and 100),
    constraint api_key_prefix_length check (length(prefix) between 1 and 60),
    constraint api_key_created_by_length check (length(created_by) between 1 and 120),
    constraint api_key_scopes check (0 < cardinality(scopes)),
    constraint api_key_limit check (limit_per_minute between 1 and 1000000),
    constraint api_key_life check (created_at < expires_at)
) with (fillfactor = 80);
create unique index api_key_name_taken on socle_auth.api_key (tenant_id, name)
    where revoked_at is null and rotated_at is null;

alter table socle_auth.api_key enable row level security, force row level security;
create policy tenant on socle_auth.api_key to socle_auth
    using (tenant_id = (select current_setting('socle.tenant'))::uuid)
    with check (tenant_id = (select current_setting('socle.tenant'))::uuid);
create policy system on socle_auth.api_key to socle_auth_system
    using (true) with check (true);
grant select, insert, update (expires_at, last_used_at, rotated_at, revoked_at)
    on socle_auth.api_key to socle_auth;
grant select on socle_auth.api_key to socle_auth_system;
