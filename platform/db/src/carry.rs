//! Carrying bells between the processes of one database.
//!
//! One connection tells what rang here, one hears what rang elsewhere. No transaction of the
//! business ever notifies: the lock on the queue of notifications, held to the end of each such
//! commit, would let a third of them through (7,500 a second became 2,600).

use std::time::Duration;

use socle_kernel::Fault;
use sqlx::{PgConnection, postgres::PgListener};
use tokio::{select, time};

use crate::{Database, bell::Bells, failure::doing};

const ME: &str = "select pg_backend_pid()";
const TELL: &str = "select pg_notify($1, $2)";
const CHANNEL: &str = "socle_bells";

/// The shortest time between two notifications: what rings in between is carried together.
const GATHERING: Duration = Duration::from_millis(5);

/// How long it waits after it lost the database; hearers look by themselves meanwhile.
const PAUSE: Duration = Duration::from_secs(1);

/// Between the names of bells in one notification.
const BETWEEN: &str = " ";

impl Database {
    /// Carries bells to and from other processes, until it is dropped.
    pub async fn carry_bells(&self) {
        loop {
            if let Err(fault) = self.carry().await {
                let error = &fault as &dyn std::error::Error;
                tracing::warn!(error, "bells are not carried between processes for a while");
            }
            time::sleep(PAUSE).await;
        }
    }

    async fn carry(&self) -> Result<(), Fault> {
        const DOING: &str = "carry bells between processes";
        let pool = self.two_connections();
        let ended = async {
            let mut teller = pool.acquire().await?;
            let me: i32 = sqlx::query_scalar(ME).fetch_one(&mut *teller).await?;
            let mut listener = PgListener::connect_with(&pool).await?;
            listener.listen(CHANNEL).await?;
            select! {
                it = hear(&self.bells, &mut listener, me) => it,
                it = tell(&self.bells, &mut teller) => it,
            }
        };
        ended.await.map_err(doing(DOING))
    }
}

async fn hear(bells: &Bells, listener: &mut PgListener, me: i32) -> Result<(), sqlx::Error> {
    loop {
        let Some(told) = listener.try_recv().await? else { return Ok(()) };
        if told.process_id() != me.unsigned_abs() {
            told.payload().split(BETWEEN).for_each(|it| bells.rang_elsewhere(it));
        }
    }
}

async fn tell(bells: &Bells, teller: &mut PgConnection) -> Result<(), sqlx::Error> {
    loop {
        let rung = bells.drain().await.join(BETWEEN);
        sqlx::query(TELL).bind(CHANNEL).bind(rung).execute(&mut *teller).await?;
        time::sleep(GATHERING).await;
    }
}
