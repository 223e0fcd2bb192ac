//! Holds on paper.

use super::{Books, Hold, Move, No, value::Slip};

impl Books {
    /// The clock ends holds.
    pub(super) fn end_holds(&mut self, now: i64) {
        let due = self.holds.iter_mut().filter(|it| it.state == "open" && it.expires <= now);
        due.for_each(|it| it.state = "expired");
    }

    pub(super) fn hold(&mut self, now: i64, new: Hold) -> Result<(), No> {
        let Hold { account, counter, amount, expires, .. } = new;
        let recorded = self.recorded(now, &[account, counter]);
        if expires <= recorded {
            return Err("expires-too-soon");
        }
        if account == counter {
            return Err("assets-differ");
        }
        if self.accounts[account].is_closed || self.accounts[counter].is_closed {
            return Err("account-closed");
        }
        let open = self.open_lots(recorded);
        let mut available = self.room(account).0;
        if self.accounts[account].has_lots {
            available = available.min(open.iter().map(|it| self.free(*it)).sum());
        }
        if available < amount {
            return Err("insufficient");
        }
        if self.room(counter).1 < amount {
            return Err("above-ceiling");
        }
        let mut hold = new;
        if self.accounts[account].has_lots {
            let mut left = amount;
            for lot in open {
                let part = self.free(lot).min(left);
                if 0 < part {
                    hold.parts.push((lot, part));
                    left -= part;
                }
            }
        }
        self.holds.push(hold);
        Ok(())
    }

    fn open_hold(&self, id: u32) -> Result<usize, No> {
        let place = self.holds.iter().position(|it| it.id == id).ok_or("unknown-hold")?;
        if self.holds[place].state == "open" { Ok(place) } else { Err("hold-ended") }
    }

    pub(super) fn capture(
        &mut self,
        now: i64,
        (id, of): (u32, u32),
        asked: Option<i64>,
    ) -> Result<(), No> {
        let place = self.open_hold(of)?;
        let Hold { account, counter, amount, captured, .. } = self.holds[place];
        let left = amount - captured;
        let asked = asked.unwrap_or(left);
        if left < asked {
            return Err("hold-exceeded");
        }
        let mut slip = Slip::new(id, self.recorded(now, &[account, counter]));
        let mut rest = asked;
        let mut taken = Vec::new();
        for (lot, part) in &mut self.holds[place].parts {
            let now = (*part).min(rest);
            if 0 < now {
                (*part, rest) = (*part - now, rest - now);
                taken.push((*lot, now));
            }
        }
        self.holds[place].captured += asked;
        if asked == left {
            self.holds[place].state = "captured";
        }
        let entry = self.enter(&mut slip, account, -asked)?;
        for (lot, part) in taken {
            self.moves.push(Move { entry, lot, amount: -part });
        }
        let entry = self.enter(&mut slip, counter, asked)?;
        if self.accounts[counter].has_lots {
            self.bring(entry, None);
        }
        self.record(slip);
        Ok(())
    }

    pub(super) fn void(&mut self, id: u32) -> Result<(), No> {
        if self.holds.iter().any(|it| it.id == id && it.state == "voided") {
            return Ok(());
        }
        let place = self.open_hold(id)?;
        self.holds[place].state = "voided";
        Ok(())
    }
}
