-- class: directory
create table socle_auth.tenant (
    id           uuid        not null,
    handle       text        not null,
    name         text        not null,
    created_at   timestamptz not null,
    is_suspended boolean     not null,
    -- From when on its data may be erased; null unless it is leaving.
    leaves_at    timestamptz,
    -- Its data is erased. The row stays and keeps the handle: keys that name it are still about.
    forgotten_at timestamptz,
    primary key (id),
    constraint tenant_handle_taken unique (handle),
    constraint tenant_handle_shape check (handle ~ '^[a-z][a-z0-9-]{0,39}$'),
    constraint tenant_name_length check (length(name) between 1 and 100),
    constraint tenant_is_not_forgotten_early check (
        forgotten_at is null or (leaves_at is not null and leaves_at <= forgotten_at))
);
create index tenant_due on socle_auth.tenant (leaves_at)
    where leaves_at is not null and forgotten_at is null;

grant select, insert, update (name, is_suspended, leaves_at, forgotten_at)
    on socle_auth.tenant to socle_auth;
grant select on socle_auth.tenant to socle_auth_system;
