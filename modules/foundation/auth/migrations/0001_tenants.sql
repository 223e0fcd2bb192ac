-- class: directory
create table socle_auth.tenant (
    id         uuid        not null,
    handle     text        not null,
    name       text        not null,
    created_at timestamptz not null,
    primary key (id),
    constraint tenant_handle_taken unique (handle),
    constraint tenant_handle_shape check (handle ~ '^[a-z][a-z0-9-]{0,39}$'),
    constraint tenant_name_length check (length(name) between 1 and 100)
);

grant select, insert on socle_auth.tenant to socle_auth;
grant select on socle_auth.tenant to socle_auth_system;
