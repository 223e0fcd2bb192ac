//! The main job as a person runs it: real purchases through the program, and everything recomputed.

use std::{fs, path::Path};

use serde_json::json;

use crate::{
    Failed,
    program::{Memory, Program, ROOT},
    report::{Ask, Row},
    round::count,
};

const SAMPLE: &str = "demo/data/cdnow_sample.txt";

/// How much longer the second file is.
const TIMES: usize = 15;

/// What an import keeps of each purchase is small beside what it takes for any file. A verification
/// works in the server, which sorts and hashes up to its limits: nothing is asked of that.
const FLAT: Ask = Ask::AtMost(1.5);

/// What a file comes to, reckoned without the program.
#[derive(Default)]
struct Sum {
    lines: u64,
    points: u64,
}

/// A file replayed, and the books verified after it.
struct Pass {
    lines: u64,
    import_rate: f64,
    import_peak: Memory,
    entries: u64,
    verify_rate: f64,
    verify_peak: Memory,
}

pub(super) async fn import() -> Result<Row, Failed> {
    let program = Program::start().await?;
    program.ask(&["demo"]).await?;
    let sample = Path::new(ROOT).join(SAMPLE);
    let once = pass(&program, &sample).await?;
    let longer = program.data().join("longer.txt");
    fs::write(&longer, repeated(&fs::read_to_string(&sample)?))?;
    let often = pass(&program, &longer).await?;
    let growth = often.import_peak.program_mib / once.import_peak.program_mib;
    let mut row = Row::new("import", "`socle import purchases`, then `socle ledger verify`");
    for it in [once, often] {
        row = row
            .with(format!("import of {} purchases", it.lines), it.import_rate, "/s")
            .with("  memory at the peak, program", it.import_peak.program_mib, "MiB")
            .with("  memory at the peak, server", it.import_peak.server_mib, "MiB")
            .with(format!("verify, {} entries", it.entries), it.verify_rate, "/s")
            .with("  memory at the peak, program", it.verify_peak.program_mib, "MiB")
            .with("  memory at the peak, server", it.verify_peak.server_mib, "MiB");
    }
    Ok(row.asked("the longer import's memory to the shorter's", growth, "×", FLAT))
}

async fn pass(program: &Program, file: &Path) -> Result<Pass, Failed> {
    let Sum { lines, points } = sum(&fs::read_to_string(file)?)?;
    let name = file.to_str().ok_or_else(|| Failed::because("the folder's name is not UTF-8"))?;
    let imported = program.ask(&["import", "purchases", name]).await?;
    let all = json!({
        "lines": lines, "imported": lines, "already": 0, "rejected": [], "points": points,
    });
    if imported.json != all {
        return Err(Failed(format!("import: {} is not {all}", imported.json)));
    }
    let verified = program.ask(&["ledger", "verify"]).await?;
    let found = &verified.json;
    let entries = found["entries"].as_u64().unwrap_or_default();
    let is_right = found["conserved"] == json!(true) && found["differences"] == json!([]);
    // A purchase of points has two sides; one of none may have no entry.
    if !is_right || entries < lines {
        return Err(Failed(format!("verify, after {lines} purchases: {found}")));
    }
    Ok(Pass {
        lines,
        import_rate: count(lines) / imported.seconds,
        import_peak: imported.peak,
        entries,
        verify_rate: count(entries) / verified.seconds,
        verify_peak: verified.peak,
    })
}

/// A point a dollar, cents dropped for each purchase.
fn sum(purchases: &str) -> Result<Sum, Failed> {
    let mut sum = Sum::default();
    for line in purchases.lines() {
        let dollars = line.split_whitespace().last().unwrap_or_default();
        let (whole, _) = dollars.split_once('.').unwrap_or((dollars, ""));
        sum.lines += 1;
        sum.points += whole.parse::<u64>()?;
    }
    Ok(sum)
}

/// The same purchases by others, again and again: customer 00004 becomes 1-00004, 2-00004, ….
fn repeated(sample: &str) -> String {
    let copies = (1..=TIMES).flat_map(|copy| sample.lines().map(move |line| (copy, line)));
    let lines = copies.map(|(copy, line)| format!("{copy}-{}\n", line.trim_start()));
    lines.collect::<Vec<_>>().concat()
}
