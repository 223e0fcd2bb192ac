//! Programmes: defined once, with their system accounts.

use socle_books::Unit;
use socle_db::Tx;
use socle_kernel::Cx;
use socle_ledger_contract::ProgrammeId;

use super::Ledger;
use crate::{
    Error,
    domain::{NewProgramme, Programme, ProgrammeAccounts, unit},
    store,
};

impl Ledger {
    /// Defines a programme and opens its system accounts. Under a request's key its identifier
    /// follows from the key, so that a repetition finds it.
    pub async fn define_programme(&self, cx: &Cx, new: NewProgramme) -> Result<Programme, Error> {
        let id = self.key.map_or_else(|| cx.new_id(), |it| it.id_of());
        let programme = Programme::define(cx, id, new)?;
        let accounts = ProgrammeAccounts::of(cx.tenant, &programme).open();
        let unit = self.keyed(accounts.into_iter().fold(unit(cx), Unit::with));
        let (programme, unit) = (&programme, &unit);
        self.db
            .run(cx, async |tx: &mut Tx| {
                if socle_books::post(tx, unit).await?.is_replay() {
                    return store::programme(tx, programme.id).await;
                }
                store::insert_programme(tx, programme).await?;
                Ok(programme.clone())
            })
            .await
    }

    /// One programme.
    pub async fn programme(&self, cx: &Cx, id: ProgrammeId) -> Result<Programme, Error> {
        store::find_programme(self.db.read(cx), id).await
    }

    /// The tenant's programmes, oldest first.
    pub async fn programmes(&self, cx: &Cx) -> Result<Vec<Programme>, Error> {
        Ok(store::programmes(self.db.read(cx)).await?)
    }
}
