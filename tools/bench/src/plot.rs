//! Draws how long looking back takes against the length of the history: both axes logarithmic, so
//! that a cost which follows the history would be a straight line upwards.

use std::fmt::Write;

use crate::report::Look;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const MARGIN: f64 = 60.0;

/// The bounds of the axes, as powers of ten: entries, and milliseconds.
const ENTRIES: [f64; 2] = [4.0, 7.0];
const MILLIS: [f64; 2] = [-1.0, 2.0];

/// What was asked of every point.
const ASKED_MS: f64 = 2.0;

/// The picture.
pub(crate) fn svg(looks: &[Look]) -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"white\"/>\n"
    );
    axes(&mut svg);
    let as_of: Vec<_> = looks.iter().map(|it| (f64::from(it.entries), it.as_of_ms)).collect();
    let page: Vec<_> = looks.iter().map(|it| (f64::from(it.entries), it.statement_ms)).collect();
    line(&mut svg, &as_of, "#1f6f8b", "balance as of a moment");
    line(&mut svg, &page, "#b5541c", "100 lines of a year's statement");
    svg.push_str("</svg>\n");
    svg
}

fn axes(svg: &mut String) {
    for power in [4, 5, 6, 7] {
        let at = x(10_f64.powi(power));
        text(svg, (at, HEIGHT - MARGIN / 2.0), "middle", &format!("10^{power}"));
        rule(svg, (at, MARGIN / 2.0), (at, HEIGHT - MARGIN), "#e5e5e5");
    }
    for (millis, label) in [(0.1, "0.1 ms"), (1.0, "1 ms"), (10.0, "10 ms"), (100.0, "100 ms")] {
        text(svg, (MARGIN - 6.0, y(millis) + 4.0), "end", label);
        rule(svg, (MARGIN, y(millis)), (WIDTH - MARGIN / 2.0, y(millis)), "#e5e5e5");
    }
    rule(svg, (MARGIN, y(ASKED_MS)), (WIDTH - MARGIN / 2.0, y(ASKED_MS)), "#c00000");
    text(svg, (WIDTH - MARGIN / 2.0, y(ASKED_MS) - 5.0), "end", "asked: 2 ms");
    text(svg, (WIDTH / 2.0, HEIGHT - 10.0), "middle", "entries of the account");
}

fn line(svg: &mut String, points: &[(f64, f64)], colour: &str, label: &str) {
    let path: Vec<_> = points.iter().map(|it| format!("{:.1},{:.1}", x(it.0), y(it.1))).collect();
    put(
        svg,
        &format!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        ),
    );
    for it in points {
        let (x, y) = (x(it.0), y(it.1));
        put(svg, &format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>"));
    }
    if let Some(first) = points.first() {
        text(svg, (x(first.0) + 8.0, y(first.1) - 8.0), "start", label);
    }
}

fn rule(svg: &mut String, from: (f64, f64), to: (f64, f64), colour: &str) {
    put(
        svg,
        &format!(
            "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{colour}\"/>",
            from.0, from.1, to.0, to.1
        ),
    );
}

fn text(svg: &mut String, (x, y): (f64, f64), anchor: &str, what: &str) {
    put(svg, &format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{what}</text>"));
}

fn put(svg: &mut String, element: &str) {
    writeln!(svg, "{element}").expect("a string takes everything");
}

fn x(entries: f64) -> f64 {
    let share = (entries.log10() - ENTRIES[0]) / (ENTRIES[1] - ENTRIES[0]);
    MARGIN + share * (WIDTH - 1.5 * MARGIN)
}

fn y(millis: f64) -> f64 {
    let share = (millis.log10() - MILLIS[0]) / (MILLIS[1] - MILLIS[0]);
    HEIGHT - MARGIN - share * (HEIGHT - 1.5 * MARGIN)
}
