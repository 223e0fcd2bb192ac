//! Who may log in, and what the modules' roles are called.
//!
//! Roles belong to the whole server: another database may have made them, or be making them now.

use socle_kernel::Fault;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::{Schema, failure::doing};

/// Owns every schema and table; nobody logs in as it.
pub(crate) const OWNER: &str = "socle_owner";

/// What the modules' processes log in as.
pub(crate) const APP: &str = "socle_app";

/// Makes the owner and the login, and lets the administrator act as the owner.
pub(crate) async fn make_logins(admin: &mut PgConnection) -> Result<(), Fault> {
    make(admin, OWNER, "nologin noinherit").await?;
    make(admin, APP, "login noinherit").await?;
    // A superuser may anyway; on a managed server it is this membership that lets migrations run.
    let grant = "do $$ begin
            if not pg_has_role(current_user, 'socle_owner', 'member') then
                execute format('grant socle_owner to %I', current_user);
            end if;
            execute format('grant create, connect on database %I to socle_owner',
                           current_database());
            execute format('grant connect on database %I to socle_app', current_database());
        end $$";
    run(admin, grant.to_owned()).await
}

/// Makes a module's two roles and lets `socle_app` take them.
pub(crate) async fn make_module(admin: &mut PgConnection, schema: &Schema) -> Result<(), Fault> {
    for role in [schema.to_string(), format!("{schema}_system")] {
        make(admin, &role, "nologin noinherit").await?;
        let grant = format!(
            "do $$ begin
                 if not exists (
                     select from pg_auth_members m
                     join pg_roles r on r.oid = m.roleid join pg_roles g on g.oid = m.member
                     where r.rolname = '{role}' and g.rolname = '{APP}'
                 ) then grant {role} to {APP}; end if;
             end $$"
        );
        run(admin, grant).await?;
    }
    Ok(())
}

/// Lets `socle_app` log in with `password`, which is hexadecimal.
pub(crate) async fn set_app_password(
    admin: &mut PgConnection,
    password: &str,
) -> Result<(), Fault> {
    assert!(password.bytes().all(|it| it.is_ascii_hexdigit()), "a password of our own making");
    run(admin, format!("alter role {APP} password '{password}'")).await
}

/// Creates a role unless it is there, in this database's eyes or meanwhile in another's.
async fn make(admin: &mut PgConnection, role: &str, kind: &str) -> Result<(), Fault> {
    let create = format!(
        "do $$ begin
             if not exists (select from pg_roles where rolname = '{role}') then
                 create role {role} {kind};
             end if;
         exception when duplicate_object or unique_violation then null;
         end $$"
    );
    run(admin, create).await
}

async fn run(admin: &mut PgConnection, sql: String) -> Result<(), Fault> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(admin).await;
    done.map(drop).map_err(doing("make the roles"))
}
