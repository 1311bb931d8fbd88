//! Output on stdout: text in columns, coloured and cut to the width of a terminal, or lines of JSON.
//!
//! Nothing that a session sent reaches a terminal as a control character. A pipe gets whole lines without colour; `NO_COLOR`
//! and `TERM=dumb` turn colour off on a terminal.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal as _, Write as _};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Space between two columns.
const GAP: &str = "  ";
/// Mark of a line that was cut.
const CUT: char = '…';

pub(crate) const PLAIN: Style = Style::new();
pub(crate) const DIM: Style = Style::new().dimmed();
pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const HINT: Style = AnsiColor::Yellow.on_default();
pub(crate) const KIND: Style = AnsiColor::Cyan.on_default();

/// Output of a command.
pub(crate) struct Output {
    out: BufWriter<io::Stdout>,
    is_coloured: bool,
    width: Option<usize>,
}

/// Part of a line, in one style.
pub(crate) type Cell = (String, Style);

impl Output {
    /// Creates the output to stdout.
    pub(crate) fn new() -> Self {
        let stdout = io::stdout();
        let is_terminal = stdout.is_terminal();
        Self {
            is_coloured: is_terminal && colour_is_wanted(),
            width: width(&stdout).filter(|_| is_terminal),
            out: BufWriter::new(stdout),
        }
    }

    /// Writes a line of cells, cut to the terminal.
    pub(crate) fn line(&mut self, cells: &[Cell]) -> io::Result<()> {
        let line = render(cells, self.is_coloured, self.width);
        writeln!(self.out, "{line}")
    }

    /// Writes rows as a table: each column as wide as its widest cell, the last one as it is.
    pub(crate) fn table(&mut self, rows: &[Vec<Cell>]) -> io::Result<()> {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width_of = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|(text, _)| text.width()).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..columns).map(width_of).collect();
        for row in rows {
            let last = row.len().saturating_sub(1);
            let padded: Vec<Cell> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(place, ((text, style), width))| {
                    let padding = if place == last { 0 } else { width - text.width() };
                    (format!("{text}{}", " ".repeat(padding)), *style)
                })
                .collect();
            self.line(&padded)?;
        }
        Ok(())
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    /// Writes a line as it is.
    pub(crate) fn raw(&mut self, line: &str) -> io::Result<()> {
        self.out.write_all(line.as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// Hands on everything that was written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn colour_is_wanted() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Returns the columns of the terminal.
#[cfg(unix)]
fn width(stdout: &io::Stdout) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stdout).ok()?;
    (size.ws_col > 0).then_some(size.ws_col.into())
}

#[cfg(not(unix))]
fn width(_stdout: &io::Stdout) -> Option<usize> {
    None
}

/// Replaces control characters, which a terminal would obey.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    let is_harmful = |char: char| {
        char.is_control() || matches!(char, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(is_harmful) {
        Cow::Owned(text.replace(is_harmful, "?"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Makes a cell of a text that may have anything in it.
pub(crate) fn cell(text: &str, style: Style) -> Cell {
    (clean(text).into_owned(), style)
}

fn render(cells: &[Cell], is_coloured: bool, width: Option<usize>) -> String {
    let mut line = String::new();
    let mut room = width.unwrap_or(usize::MAX);
    let shown = cells.iter().filter(|(text, _)| !text.is_empty());
    for (place, (text, style)) in shown.enumerate() {
        let gap = if place == 0 { "" } else { GAP };
        if gap.len() >= room {
            break;
        }
        line.push_str(gap);
        room -= gap.len();
        let text = cut(text, room);
        room = room.saturating_sub(text.width());
        if is_coloured && *style != PLAIN {
            line.push_str(&format!("{style}{text}{style:#}"));
        } else {
            line.push_str(&text);
        }
    }
    line.truncate(line.trim_end_matches(' ').len());
    line
}

/// Cuts a text to a number of columns, with a mark in the last one.
fn cut(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    let mut kept = String::new();
    let mut used = 1;
    for char in text.chars() {
        used += char.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(char);
    }
    kept.push(CUT);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_by_columns_and_not_by_bytes() {
        let cells = [cell("日本語", BOLD), cell("plain", PLAIN)];
        assert_eq!(render(&cells, false, None), "日本語  plain");
        assert_eq!(render(&cells, false, Some(10)), "日本語  p…");
        assert_eq!(render(&cells, false, Some(5)), "日本…");
        assert_eq!(render(&cells, true, Some(5)), "\u{1b}[1m日本…\u{1b}[0m");
        assert_eq!(render(&cells, false, Some(7)), "日本語");
    }

    #[test]
    fn what_a_terminal_would_obey_is_replaced() {
        assert_eq!(clean("a\u{1b}[31m\n\u{202e}b\u{7f}"), "a?[31m??b?");
        assert_eq!(clean("日本 é"), "日本 é");
    }
}
