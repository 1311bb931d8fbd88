//! Result of one check, and the report of all: as lines for people, and as JSON.

use serde::Serialize;

/// Meaning of a result, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    /// As it should be.
    Ok,
    /// Everything works, but for what is named.
    Warn,
    /// A command of mirrord cannot work.
    Fail,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "FAIL",
        }
    }
}

/// Result of a check.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) status: Status,
    /// Finding, in one line.
    pub(super) found: String,
    /// Remedy; there is one wherever the status is not [`Status::Ok`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) way_out: Option<String>,
}

impl Check {
    pub(super) fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self {
            name,
            status: Status::Ok,
            found: one_line(found.into()),
            way_out: None,
        }
    }

    pub(super) fn warn(name: &'static str, found: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self::bad(name, Status::Warn, found.into(), way_out.into())
    }

    pub(super) fn fail(name: &'static str, found: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self::bad(name, Status::Fail, found.into(), way_out.into())
    }

    fn bad(name: &'static str, status: Status, found: String, way_out: String) -> Self {
        Self {
            name,
            status,
            found: one_line(found),
            way_out: Some(one_line(way_out)),
        }
    }
}

/// Names of files and contexts are other people's: nothing in them moves a terminal's cursor.
fn one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().map(plain).collect()
}

/// Results of all checks.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    status: Status,
    checks: Vec<Check>,
}

impl Report {
    pub(super) fn new(checks: Vec<Check>) -> Self {
        let status = checks.iter().map(|check| check.status).max().unwrap_or(Status::Ok);
        Self { status, checks }
    }

    pub(super) fn is_failed(&self) -> bool {
        self.status == Status::Fail
    }

    /// Returns lines for people: one for each check, one for each way out, and the counts.
    pub(super) fn text(&self) -> String {
        let width = self.checks.iter().map(|check| check.name.len()).max().unwrap_or(0);
        let mut text = String::new();
        for check in &self.checks {
            let Check { name, found, .. } = check;
            text.push_str(&format!("{:4}  {name:width$}  {found}\n", check.status.word()));
            if let Some(way_out) = &check.way_out {
                text.push_str(&format!("{:4}  {:width$}  -> {way_out}\n", "", ""));
            }
        }
        let count = |status| self.checks.iter().filter(|check| check.status == status).count();
        let (failed, warned) = (count(Status::Fail), count(Status::Warn));
        let plural = |number: usize| if number == 1 { "" } else { "s" };
        text.push_str(&match (failed, warned) {
            (0, 0) => "All is as it should be.\n".to_owned(),
            (0, warned) => format!("{warned} warning{}; every command works.\n", plural(warned)),
            (failed, warned) => format!(
                "{failed} problem{}, {warned} warning{}.\n",
                plural(failed),
                plural(warned)
            ),
        });
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_result_is_the_reports_and_every_bad_one_has_a_way_out() {
        let report = Report::new(vec![
            Check::ok("a", "fine"),
            Check::fail("bcd", "broken", "mend it"),
            Check::warn("c", "odd\u{1b}[2J", "look at it"),
        ]);
        assert!(report.is_failed());
        let text = report.text();
        assert_eq!(
            text,
            "ok    a    fine\nFAIL  bcd  broken\n           -> mend it\nwarn  c    odd [2J\n           -> look at it\n\
             1 problem, 1 warning.\n"
        );
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["status"], "fail");
        assert_eq!(json["checks"][0].get("way_out"), None);
        assert_eq!(json["checks"][1]["way_out"], "mend it");
        assert!(!Report::new(vec![Check::warn("c", "odd", "look")]).is_failed());
    }
}
