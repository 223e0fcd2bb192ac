-- Letters are listed and found by their group and identifier, over all tenants.
create index delivery_by_name on {schema}.delivery (grp, id);
