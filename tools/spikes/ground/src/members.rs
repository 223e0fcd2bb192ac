//! Who is in a group, told by the consumer's database where a broker does not tell.

use tokio_postgres::Client;

use crate::{Doing, Fault, Part, connect, sql};

/// One process among the members of its group.
pub struct Members {
    client: Client,
    part: Part,
}

impl Members {
    pub async fn join(part: &Part) -> Result<Self, Fault> {
        Ok(Self { client: connect(&part.database).await?, part: part.clone() })
    }

    /// Says that this one is there, and counts all who lately did.
    pub async fn count(&self) -> Result<usize, Fault> {
        let Part { group, name, .. } = &self.part;
        self.client.execute(sql::BEAT, &[group, name]).await.doing("say that it is there")?;
        let row = self.client.query_one(sql::MEMBERS, &[group]).await.doing("count the members")?;
        usize::try_from(row.get::<_, i64>(0)).doing("count the members")
    }
}
