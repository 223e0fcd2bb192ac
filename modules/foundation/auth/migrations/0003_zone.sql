-- By whose clock a tenant's days begin, and what is done for it at night.
alter table socle_auth.tenant
    add column zone text not null default 'UTC',
    add constraint tenant_zone_shape check (zone ~ '^[A-Za-z0-9+_/-]{1,64}$');

grant update (zone) on socle_auth.tenant to socle_auth;
