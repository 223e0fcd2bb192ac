//! What has been taken and waits for a free hand, tenant by tenant in turn.

use std::collections::{HashMap, VecDeque};

use socle_kernel::TenantId;

/// A queue in which tenants take turns, however much each has in it.
#[derive(Debug)]
pub(crate) struct Fair<T> {
    turns: VecDeque<TenantId>,
    parts: HashMap<TenantId, VecDeque<T>>,
    len: usize,
}

impl<T> Default for Fair<T> {
    fn default() -> Self {
        Self { turns: VecDeque::new(), parts: HashMap::new(), len: 0 }
    }
}

impl<T> Fair<T> {
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn push(&mut self, tenant: TenantId, it: T) {
        let part = self.parts.entry(tenant).or_default();
        if part.is_empty() {
            self.turns.push_back(tenant);
        }
        part.push_back(it);
        self.len += 1;
    }

    /// The oldest of the tenant whose turn it is.
    pub(crate) fn pop(&mut self) -> Option<T> {
        let tenant = self.turns.pop_front()?;
        let part = self.parts.get_mut(&tenant)?;
        let it = part.pop_front()?;
        if part.is_empty() {
            self.parts.remove(&tenant);
        } else {
            self.turns.push_back(tenant);
        }
        self.len -= 1;
        Some(it)
    }
}

#[cfg(test)]
mod tests {
    use socle_kernel::Id;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn tenants_take_turns_and_each_keeps_its_order() {
        let mut fair = Fair::default();
        let tenant = |n: u128| Id::from_uuid(Uuid::from_u128(n));
        for n in 0..4 {
            fair.push(tenant(1), (1, n));
        }
        fair.push(tenant(2), (2, 0));
        fair.push(tenant(2), (2, 1));
        fair.push(tenant(3), (3, 0));

        let order: Vec<_> = std::iter::from_fn(|| fair.pop()).collect();

        assert_eq!(order, [(1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (1, 2), (1, 3)]);
        assert_eq!(fair.len(), 0);
    }
}
