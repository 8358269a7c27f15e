//! Plots as SVG, by hand: points on two logarithmic axes, a line for each engine.

use std::{fmt::Write, fs, io, path::Path};

use crate::engine::{Kind, Measured};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
/// What the axes and their words take on each side.
const MARGIN: f64 = 70.0;
/// What the longest number takes beside that.
const LABEL: f64 = 16.0;
/// Told apart without colour, too: each has a mark of its own at its line's end, its name.
const COLOURS: [&str; 5] = ["#0b6e4f", "#b3261e", "#1f4e9c", "#8a5a00", "#6a3d9a"];

struct Line<'a> {
    name: &'a str,
    /// Delegations, and what is shown of them.
    points: Vec<(f64, f64)>,
}

/// Writes a plot for each kind of question, and one each for memory, building and change.
pub(crate) fn write(folder: &Path, all: &[Measured]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for kind in Kind::ALL {
        let of = |it: &Measured| {
            it.answers.iter().find(|(of, _)| *of == kind).map(|(_, figures)| figures.mean)
        };
        let title = format!("Mean time of an answer ({}), nanoseconds", kind.name());
        let file = format!("{}.svg", kind.name().replace(", ", "-").replace(' ', "-"));
        fs::write(folder.join(file), plot(&title, &lines(all, of)))?;
    }
    let memory = |it: &Measured| Some(it.costs.bytes_each as f64);
    let title = "Memory of one delegation of five authorizations, bytes";
    fs::write(folder.join("memory.svg"), plot(title, &lines(all, memory)))?;
    let build = |it: &Measured| Some(it.costs.build_seconds);
    fs::write(folder.join("build.svg"), plot("Time to build, seconds", &lines(all, build)))?;
    let change = |it: &Measured| it.costs.change_micros;
    let title = "One delegation ends, microseconds";
    fs::write(folder.join("change.svg"), plot(title, &lines(all, change)))
}

fn lines(all: &[Measured], of: impl Fn(&Measured) -> Option<f64>) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for it in all {
        let Some(value) = of(it).filter(|value| *value > 0.0) else { continue };
        let point = (it.delegations as f64, value);
        match lines.iter_mut().find(|line| line.name == it.engine) {
            Some(line) => line.points.push(point),
            None => lines.push(Line { name: it.engine, points: vec![point] }),
        }
    }
    lines
}

/// Whole powers of ten around all values.
fn span(values: impl Iterator<Item = f64>) -> (i32, i32) {
    let powers: Vec<f64> = values.map(f64::log10).collect();
    let least = powers.iter().copied().fold(f64::INFINITY, f64::min).floor();
    let most = powers.iter().copied().fold(f64::NEG_INFINITY, f64::max).ceil();
    if least.is_finite() { (least as i32, (most as i32).max(least as i32 + 1)) } else { (0, 1) }
}

fn plot(title: &str, lines: &[Line<'_>]) -> String {
    let points = || lines.iter().flat_map(|line| &line.points);
    let (left, right) = span(points().map(|point| point.0));
    let (low, high) = span(points().map(|point| point.1));
    let part =
        |value: f64, from: i32, to: i32| (value.log10() - f64::from(from)) / f64::from(to - from);
    let x = |value| MARGIN + part(value, left, right) * (WIDTH - 3.0 * MARGIN);
    let y = |value| HEIGHT - MARGIN - part(value, low, high) * (HEIGHT - 2.0 * MARGIN);
    let whole = WIDTH + LABEL;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-{LABEL} 0 {whole} {HEIGHT}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"12\">\n<title>{title}</title>\n\
         <rect x=\"-{LABEL}\" width=\"{whole}\" height=\"{HEIGHT}\" fill=\"#fff\"/>\n\
         <text x=\"{MARGIN}\" y=\"30\" font-size=\"14\">{title}</text>\n"
    );
    for power in low..=high {
        let (at, end, value) = (y(10_f64.powi(power)), WIDTH - 2.0 * MARGIN, label(power));
        let _ = writeln!(
            svg,
            "<path d=\"M{MARGIN} {at:.0}H{end}\" stroke=\"#ddd\"/>\
             <text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{value}</text>",
            MARGIN - 8.0,
            at + 4.0,
        );
    }
    for power in left..=right {
        let (at, value) = (x(10_f64.powi(power)), label(power));
        let below = HEIGHT - MARGIN + 20.0;
        let _ = writeln!(
            svg,
            "<text x=\"{at:.0}\" y=\"{below}\" text-anchor=\"middle\">{value}</text>"
        );
    }
    let (middle, bottom) = ((WIDTH - MARGIN) / 2.0, HEIGHT - 20.0);
    let _ = writeln!(
        svg,
        "<text x=\"{middle}\" y=\"{bottom}\" text-anchor=\"middle\">delegations</text>"
    );
    for (line, colour) in lines.iter().zip(COLOURS.iter().cycle()) {
        let places: Vec<(f64, f64)> =
            line.points.iter().map(|point| (x(point.0), y(point.1))).collect();
        let path: Vec<String> = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        for (x, y) in &places {
            let _ =
                writeln!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{colour}\"/>");
        }
        if let Some((x, y)) = places.last() {
            let (x, y, name) = (x + 8.0, y + 4.0, line.name);
            let _ =
                writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" fill=\"{colour}\">{name}</text>");
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// A power of ten as people write it.
fn label(power: i32) -> String {
    match power {
        ..0 => format!("{}", 10_f64.powi(power)),
        0..3 => format!("{}", 10_i64.pow(power.unsigned_abs())),
        3..6 => format!("{},000", 10_i64.pow(power.unsigned_abs() - 3)),
        6.. => format!("{},000,000", 10_i64.pow(power.unsigned_abs() - 6)),
    }
}
