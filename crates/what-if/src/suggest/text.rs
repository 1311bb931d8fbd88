//! Suggestions as sentences, for the command line and for programs; the page has its own words in each language.

use mirrord_wire::api::{Suggestion, SuggestionKind};

/// Writes a suggestion as one sentence.
pub(super) fn sentence(own: &Suggestion) -> String {
    let subjects = own.subjects.join(", ");
    let times = times(own.evidence.times);
    let detail = &own.detail;
    match own.kind {
        SuggestionKind::ExcludedVariable => format!(
            "{subjects} is excluded, so that its value is this machine's, and the program used it: {detail} is in it, and \
             was reached for {times}. Without the exclusion it is the target's, if that has it."
        ),
        SuggestionKind::UncoveredDestination => {
            let side = if detail.ends_with(".remote") {
                "stays local"
            } else {
                "goes to the cluster"
            };
            let failed = match own.evidence.failed {
                0 => String::new(),
                failed => format!(", {failed} failed"),
            };
            format!("{subjects} is in no entry of {detail} and {side} (connected to {times}{failed}).")
        }
        SuggestionKind::LooksRemote => {
            format!(
                "Looked for on this machine {times} and never found: {subjects}. With {detail} it is read in the cluster."
            )
        }
        SuggestionKind::LooksLocal => format!(
            "Paths like {subjects} look like this machine's, and would be read in the cluster ({times}). With {detail} they \
             are read here."
        ),
        SuggestionKind::ExistsLocally => format!(
            "Found on this machine, and would be read in the cluster ({times}): {subjects}. With {detail} it is read here."
        ),
        SuggestionKind::AwsMapped => format!(
            "{subjects} is mapped to a temporary directory by default ({times}). With \"aws\": false the program uses your \
             own; AWS_PROFILE then stays as well."
        ),
        SuggestionKind::UnusedPort => format!(
            "Port {subjects} would be subscribed, and nothing arrived there in this run. Ignored, it stays local."
        ),
        SuggestionKind::UnusedRule => {
            format!(
                "Decided none of {} operations in {detail}: {subjects}.",
                own.evidence.of
            )
        }
        SuggestionKind::Unknown => String::new(),
    }
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}
