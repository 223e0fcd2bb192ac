//! Who may log in, and what the modules' roles are called.
//!
//! Roles belong to the whole server: another database may have made them, or be making them now.

use socle_kernel::Fault;
use sqlx::{AssertSqlSafe, PgConnection};

use crate::{Schema, failure::doing};

/// How often a statement is run again because another database's migration was at the same role.
///
/// Each time one of them has got through, so this is how many may start at the same moment.
const RACES_MAX: u32 = 32;

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

/// Creates a role unless it is there.
async fn make(admin: &mut PgConnection, role: &str, kind: &str) -> Result<(), Fault> {
    let create = format!(
        "do $$ begin
             if not exists (select from pg_roles where rolname = '{role}') then
                 create role {role} {kind};
             end if;
         end $$"
    );
    run(admin, create).await
}

/// Runs what looks before it changes a role; again, when the role was changed in between.
async fn run(admin: &mut PgConnection, sql: String) -> Result<(), Fault> {
    let mut races = 0;
    loop {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut *admin).await;
        match done {
            Err(error) if is_race(&error) && races < RACES_MAX => races += 1,
            done => return done.map(drop).map_err(doing("make the roles")),
        }
    }
}

/// Roles are rows that no advisory lock of one database guards: two that are written at once show
/// as a duplicate, or as a tuple that was "concurrently updated", which has no code of its own.
fn is_race(error: &sqlx::Error) -> bool {
    let Some(error) = error.as_database_error() else { return false };
    match error.code().as_deref() {
        Some("42710" | "23505") => true,
        Some("XX000") => error.message().contains("concurrently"),
        _ => false,
    }
}
