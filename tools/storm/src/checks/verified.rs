//! The ledger's own verification of all merchants finds nothing.

use super::Finding;
use crate::{Failed, world::World};

pub(super) async fn check(world: &World) -> Result<Vec<Finding>, Failed> {
    let verdict = world.ask(&["ledger", "verify"]).await?;
    if verdict["conserved"] == true && verdict["differences"].as_array().is_some_and(Vec::is_empty)
    {
        return Ok(Vec::new());
    }
    Ok(vec![Finding::new("verify", verdict.to_string())])
}
