//! What can be wanted of the books, in the model's words.

use super::{Books, Hold, No, value::Slip};

/// A command. Times are minutes; transfers and holds are named by numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Want {
    Move {
        id: u32,
        from: usize,
        to: usize,
        amount: i64,
        effective: Option<i64>,
        expires: Option<i64>,
        /// Who pays what `from` cannot, and who gets what `to` does not admit.
        over: (Option<usize>, Option<usize>),
    },
    Hold {
        id: u32,
        from: usize,
        to: usize,
        amount: i64,
        expires: i64,
    },
    Capture {
        id: u32,
        hold: u32,
        amount: Option<i64>,
    },
    Void {
        hold: u32,
    },
    Reverse {
        id: u32,
        of: u32,
    },
    Expire {
        account: usize,
    },
    Close {
        account: usize,
    },
}

impl Books {
    pub(super) fn want(&mut self, now: i64, want: &Want) -> Result<(), No> {
        match *want {
            Want::Move { .. } => self.transfer(now, want),
            Want::Hold { id, from, to, amount, expires } => {
                let (captured, state, parts) = (0, "open", Vec::new());
                let (account, counter) = (from, to);
                let hold = Hold { id, account, counter, amount, captured, expires, state, parts };
                self.hold(now, hold)
            }
            Want::Capture { id, hold, amount } => self.capture(now, (id, hold), amount),
            Want::Void { hold } => self.void(hold),
            Want::Reverse { id, of } => self.reverse(now, id, of),
            Want::Expire { account } => self.expire(now, account),
            Want::Close { account } => {
                let pending = self.pending_debit(account) + self.pending_credit(account);
                if self.balance(account) != 0 || pending != 0 {
                    return Err("account-not-empty");
                }
                self.accounts[account].is_closed = true;
                Ok(())
            }
        }
    }

    fn transfer(&mut self, now: i64, want: &Want) -> Result<(), No> {
        let Want::Move { id, from, to, amount, effective, expires, over } = *want else {
            unreachable!("only moves come here")
        };
        if from == to {
            return Err("legs");
        }
        let named: Vec<usize> =
            [Some(from), over.0, Some(to), over.1].into_iter().flatten().collect();
        let mut slip = Slip::new(id, self.recorded(now, &named));
        slip.effective = effective.unwrap_or(slip.recorded);
        if slip.recorded < slip.effective {
            return Err("effective-in-future");
        }
        for (leg, over) in [((from, -amount), over.0), ((to, amount), over.1)] {
            match over {
                Some(over) => self.put_or_overflow(&mut slip, leg, (over, expires))?,
                None => self.put(&mut slip, leg, expires)?,
            }
        }
        self.record(slip);
        Ok(())
    }
}
