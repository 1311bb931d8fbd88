//! Columns of the log, their widths, and how they fit into a window. What a row says takes the room that the others leave: where that is too little, the others give way, and at last a row takes two lines.

/// A column besides the one of what a row says, which is always shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Column {
    /// When.
    Time,
    /// The kind of event.
    Kind,
    /// The session, in a log of several.
    Session,
    /// The process's name.
    Process,
    /// Its number.
    Pid,
    /// The operation.
    Operation,
    /// The outcome.
    Outcome,
    /// Routing, and the rule that decided.
    Routing,
}

/// The narrowest and the widest column, pixels.
pub const WIDTHS: (u16, u16) = (40, 800);
/// The room in front of the first column, pixels.
const MARGIN: u16 = 20;
/// Width of the kind's square without its word.
const SQUARE: u16 = 22;
/// The least room for what a row says, before the other columns give way, and before it takes two lines.
const LEAST_TEXT: u16 = 240;
const LEAST_LINE: u16 = 170;

impl Column {
    /// Number of columns.
    pub const COUNT: usize = 8;
    /// All of them, in their order.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Time,
        Self::Kind,
        Self::Session,
        Self::Process,
        Self::Pid,
        Self::Operation,
        Self::Outcome,
        Self::Routing,
    ];

    /// Its word in the storage and the styles.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Kind => "kind",
            Self::Session => "of",
            Self::Process => "process",
            Self::Pid => "pid",
            Self::Operation => "op",
            Self::Outcome => "outcome",
            Self::Routing => "route",
        }
    }

    /// Reports a column behind what a row says.
    #[must_use]
    pub fn is_behind_text(self) -> bool {
        matches!(self, Self::Outcome | Self::Routing)
    }

    fn width(self) -> u16 {
        match self {
            Self::Time => 108,
            Self::Kind => 92,
            Self::Session => 112,
            Self::Process => 96,
            Self::Pid => 64,
            Self::Operation => 84,
            Self::Outcome => 108,
            Self::Routing => 168,
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// The columns that are shown, and their widths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    hidden: u8,
    /// Pixels; 0 where none was chosen.
    widths: [u16; Column::COUNT],
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            hidden: Column::Pid.bit(),
            widths: [0; Column::COUNT],
        }
    }
}

/// Columns that fit into a window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fit {
    /// For `grid-template-columns`.
    pub template: String,
    /// Words for the styles: the columns that are left out, `square` where a kind has no word, `stacked` where a row has
    /// two lines.
    pub marks: String,
    /// Marks that what was done is a column of its own.
    pub has_operation: bool,
}

impl Columns {
    /// Reports a column that was chosen.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.hidden & column.bit() == 0
    }

    /// Shows or hides a column.
    #[must_use]
    pub fn toggled(self, column: Column) -> Self {
        let hidden = self.hidden ^ column.bit();
        Self { hidden, ..self }
    }

    /// Gives a column a width, pixels; 0 for its own.
    #[must_use]
    pub fn with_width(mut self, column: Column, width: u16) -> Self {
        let width = if width > 0 { width.clamp(WIDTHS.0, WIDTHS.1) } else { 0 };
        self.widths[column as usize] = width;
        self
    }

    /// A column's width, pixels.
    #[must_use]
    pub fn width(&self, column: Column) -> u16 {
        match self.widths[column as usize] {
            0 => column.width(),
            width => width,
        }
    }

    /// Reads what [`Columns::written`] wrote. What is unknown is left out.
    #[must_use]
    pub fn read(word: &str) -> Self {
        let mut own = Self::default();
        for part in word.split(',') {
            let (name, width) = part.split_once(':').unwrap_or((part, "0"));
            let column = Column::ALL.into_iter().find(|column| column.slug() == name);
            if let Some(column) = column {
                own = own.with_width(column, width.parse().unwrap_or(0));
            } else if let Some(column) = Column::ALL
                .into_iter()
                .find(|one| Some(one.slug()) == name.strip_prefix('!'))
            {
                own = own.toggled(column);
            }
        }
        own
    }

    /// Writes what is not as it is without a choice; nothing where all is.
    #[must_use]
    pub fn written(&self) -> String {
        let default = Self::default();
        let mut parts = Vec::new();
        for column in Column::ALL {
            if self.has(column) != default.has(column) {
                parts.push(["!", column.slug()].concat());
            }
            match self.widths[column as usize] {
                0 => {}
                width => parts.push([column.slug(), ":", &width.to_string()].concat()),
            }
        }
        parts.join(",")
    }

    /// Fits the columns into a width, pixels. `stacked` where rows have two lines in any case; `without` are columns that
    /// there is nothing for.
    #[must_use]
    pub fn fit(&self, width: u16, stacked: bool, without: &[Column]) -> Fit {
        let shown = |column: &Column| self.has(*column) && !without.contains(column);
        let mut widths: Vec<(Column, u16)> = Column::ALL
            .into_iter()
            .filter(shown)
            .map(|column| (column, self.width(column)))
            .collect();
        let text = |widths: &[(Column, u16)]| {
            let others: u16 = widths.iter().map(|(_, width)| *width).sum();
            width.saturating_sub(others + MARGIN)
        };
        let is_tight = |widths: &[(Column, u16)]| text(widths) < LEAST_TEXT;
        let mut marks = Vec::new();
        if stacked || width < LEAST_LINE * 2 {
            marks.push("stacked");
        } else {
            if is_tight(&widths) && shown(&Column::Operation) {
                for own in widths.iter_mut().filter(|(column, _)| *column == Column::Kind) {
                    own.1 = SQUARE;
                    marks.push("square");
                }
            }
            for column in [Column::Pid, Column::Process] {
                if is_tight(&widths) {
                    widths.retain(|(own, _)| *own != column);
                }
            }
            if text(&widths) < LEAST_LINE {
                marks = vec!["stacked"];
            }
        }
        if marks.first() == Some(&"stacked") {
            widths = Column::ALL
                .into_iter()
                .filter(shown)
                .map(|column| (column, 0))
                .collect();
        }
        let is_left = |column: Column| widths.iter().any(|(own, _)| *own == column);
        marks.extend(
            Column::ALL
                .into_iter()
                .filter(|column| !is_left(*column))
                .map(Column::slug),
        );
        Fit {
            template: template(&widths),
            marks: marks.join(" "),
            has_operation: is_left(Column::Operation),
        }
    }
}

fn template(widths: &[(Column, u16)]) -> String {
    let mut out = String::new();
    let pixels = |(_, width): &(Column, u16)| [&width.to_string(), "px "].concat();
    let (before, behind): (Vec<_>, Vec<_>) = widths.iter().partition(|(column, _)| !column.is_behind_text());
    out.extend(before.into_iter().map(pixels));
    out.push_str("minmax(0, 1fr) ");
    out.extend(behind.into_iter().map(pixels));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNROUTED: [Column; 2] = [Column::Session, Column::Routing];

    #[test]
    fn what_a_row_says_gets_the_room_before_the_other_columns() {
        let own = Columns::default();
        let wide = own.fit(1_150, false, &UNROUTED);
        assert_eq!(wide.template, "108px 92px 96px 84px minmax(0, 1fr) 108px ");
        assert_eq!((wide.marks.as_str(), wide.has_operation), ("of pid route", true));
        let middle = own.fit(700, false, &UNROUTED);
        assert_eq!(middle.template, "108px 22px 96px 84px minmax(0, 1fr) 108px ");
        let narrow = own.fit(520, false, &UNROUTED);
        assert_eq!(narrow.template, "108px 22px 84px minmax(0, 1fr) 108px ");
        assert_eq!(narrow.marks, "square of process pid route");
        assert_eq!(own.fit(480, false, &UNROUTED).marks, "stacked of pid route");
        assert_eq!(own.fit(700, true, &UNROUTED).marks, "stacked of pid route");
    }

    #[test]
    fn a_kind_keeps_its_word_where_nothing_else_says_it() {
        let own = Columns::default().toggled(Column::Operation);
        assert!(!own.fit(600, false, &UNROUTED).marks.contains("square"));
        assert!(!own.fit(600, false, &UNROUTED).has_operation);
    }

    #[test]
    fn what_was_chosen_is_read_back_and_nonsense_is_left_out() {
        let own = Columns::default()
            .toggled(Column::Pid)
            .toggled(Column::Kind)
            .with_width(Column::Process, 9_000);
        assert_eq!(own.written(), "!kind,process:800,!pid");
        assert_eq!(Columns::read(&own.written()), own);
        assert_eq!(Columns::default().written(), "");
        for word in ["", "x", "!x,:3,process:", "process:x", "process:0"] {
            assert_eq!(Columns::read(word), Columns::default(), "{word}");
        }
    }
}
