//! Columns that line up.

use std::fmt;

/// Rows of cells under headings; numbers to the right.
#[derive(Debug)]
pub(crate) struct Table {
    is_number: Vec<bool>,
    /// The headings first.
    rows: Vec<Vec<String>>,
}

impl Table {
    /// With these headings; one that begins with `>` stands over a column of numbers.
    pub(crate) fn new(headings: &[&str]) -> Self {
        let is_number = headings.iter().map(|it| it.starts_with('>')).collect();
        let headings = headings.iter().map(|it| it.strip_prefix('>').unwrap_or(it).to_owned());
        Self { is_number, rows: vec![headings.collect()] }
    }

    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.map(|it| it.chars().count()).max().unwrap_or(0)
    }
}

impl fmt::Display for Table {
    /// A line a row, the last one without its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<usize> = (0..self.is_number.len()).map(|it| self.width(it)).collect();
        let lines = self.rows.iter().map(|row| {
            let columns = row.iter().zip(&widths).zip(&self.is_number);
            let cells = columns.map(|((cell, &width), is_number)| {
                if *is_number { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
            });
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        });
        f.write_str(&lines.collect::<Vec<_>>().join("\n"))
    }
}
