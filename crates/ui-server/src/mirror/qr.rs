//! An address as a QR code: an SVG document for the desktop's page, half blocks for a terminal.

use qrcode::render::svg;
use qrcode::{Color, EcLevel, QrCode};

/// The quiet zone around a code, in modules: ISO/IEC 18004 asks for four, and phones are content with two.
const QUIET: usize = 2;

fn code(text: &str) -> Option<QrCode> {
    QrCode::with_error_correction_level(text, EcLevel::M).ok()
}

/// An SVG document; empty for a text that is too long for a code.
pub(crate) fn svg(text: &str) -> String {
    let Some(code) = code(text) else { return String::new() };
    let mut renderer = code.render::<svg::Color<'_>>();
    let drawn = renderer.min_dimensions(256, 256).build();
    // Without the XML declaration it stands in a page as well.
    drawn.split_once("?>").map_or(drawn.clone(), |(_, svg)| svg.to_owned())
}

/// Lines of half blocks, dark on light whatever the terminal's colours are; empty for a text that is too long.
#[must_use]
pub fn terminal(text: &str) -> String {
    let Some(code) = code(text) else { return String::new() };
    let (width, colors) = (code.width(), code.to_colors());
    let side = width + 2 * QUIET;
    let is_dark = |row: usize, column: usize| {
        let place = |at: usize| at.checked_sub(QUIET).filter(|at| *at < width);
        let (Some(row), Some(column)) = (place(row), place(column)) else {
            return false;
        };
        colors.get(row * width + column) == Some(&Color::Dark)
    };
    let mut lines = String::new();
    for row in (0..side).step_by(2) {
        lines.push_str("\u{1b}[30;107m");
        for column in 0..side {
            lines.push(match (is_dark(row, column), is_dark(row + 1, column)) {
                (true, true) => '\u{2588}',
                (true, false) => '\u{2580}',
                (false, true) => '\u{2584}',
                (false, false) => ' ',
            });
        }
        lines.push_str("\u{1b}[0m\n");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://192.168.100.200:40961/mirror/pair#0123456789abcdef0123456789abcdef";

    #[test]
    fn a_code_is_the_same_in_a_terminal_and_has_its_corners() {
        let drawn = terminal(URL);
        let lines: Vec<_> = drawn
            .lines()
            .map(|line| line.trim_start_matches("\u{1b}[30;107m").trim_end_matches("\u{1b}[0m"))
            .collect();
        let side = code(URL).unwrap().width() + 2 * QUIET;
        assert_eq!(lines.len(), side.div_ceil(2));
        assert!(lines.iter().all(|line| line.chars().count() == side));
        // The three corners begin with seven dark modules; the fourth does not.
        let corner = "\u{2588}\u{2580}\u{2580}\u{2580}\u{2580}\u{2580}\u{2588}";
        assert!(
            lines[1].trim().starts_with(corner) && lines[1].trim().ends_with(corner),
            "{drawn}"
        );
    }

    #[test]
    fn an_svg_has_no_declaration_and_no_script() {
        let drawn = svg(URL);
        assert!(
            drawn.starts_with("<svg") && drawn.trim_end().ends_with("</svg>"),
            "{drawn}"
        );
        assert!(!drawn.contains("script") && !drawn.contains("0123456789abcdef"));
        assert_eq!(
            (svg(&"x".repeat(5_000)), terminal(&"x".repeat(5_000))),
            (String::new(), String::new())
        );
    }
}
