//! Rate limiter of the log, per place in the source: no peer that can provoke a line can fill a disk with it.
//!
//! It wraps the formatter, so that every line passes it, ours and those of libraries, whatever provokes them. What is
//! left out is counted, and the count is written with the next line of that place. Memory is bounded by the number of
//! places in the program. (`tracing` and `tracing-subscriber` have no limiter of their own.)

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::callsite::Identifier;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The time over which the lines of a place are counted.
const WINDOW: Duration = Duration::from_secs(10);
/// Warnings and errors of a place in a window; further ones are left out and counted.
const MAX_WARNINGS: u64 = 5;
/// Other lines of a place in a window. The user has asked for these, and starts with hundreds of sessions.
const MAX_DETAILS: u64 = 1_000;

/// A formatter of events, limited.
#[derive(Debug)]
pub(super) struct Limited<F> {
    inner: F,
    places: Mutex<HashMap<Identifier, Place>>,
}

/// The lines of one place in its current window.
#[derive(Debug)]
struct Place {
    since: Instant,
    lines: u64,
}

/// Decision on one line.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    /// It is written.
    Write {
        /// So many lines of its place were left out before it.
        left_out: u64,
        /// It is the last one of its window that is written.
        is_last: bool,
    },
    /// It is left out.
    Drop,
}

impl Place {
    fn decide(&mut self, now: Instant, max: u64) -> Decision {
        let mut left_out = 0;
        if now.saturating_duration_since(self.since) >= WINDOW {
            left_out = self.lines.saturating_sub(max);
            (self.since, self.lines) = (now, 0);
        }
        self.lines = self.lines.saturating_add(1);
        if self.lines > max {
            return Decision::Drop;
        }
        let is_last = self.lines == max;
        Decision::Write { left_out, is_last }
    }
}

impl<F> Limited<F> {
    pub(super) fn new(inner: F) -> Self {
        let places = Mutex::default();
        Self { inner, places }
    }

    fn decide(&self, metadata: &Metadata<'_>, now: Instant) -> Decision {
        let max = if *metadata.level() <= Level::WARN {
            MAX_WARNINGS
        } else {
            MAX_DETAILS
        };
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.entry(metadata.callsite());
        place.or_insert(Place { since: now, lines: 0 }).decide(now, max)
    }
}

impl<S, N, F> FormatEvent<S, N> for Limited<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        // Nothing at all is written of what is left out.
        let Decision::Write { left_out, is_last } = self.decide(event.metadata(), Instant::now()) else {
            return Ok(());
        };
        if left_out > 0 {
            writeln!(writer, "mirrord: {left_out} lines like the next one were left out")?;
        }
        self.inner.format_event(context, writer.by_ref(), event)?;
        if is_last {
            let seconds = WINDOW.as_secs();
            writeln!(
                writer,
                "mirrord: further lines like this one are counted, for up to {seconds} s"
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Arc;

    use super::*;

    #[test]
    fn what_is_too_much_is_left_out_and_counted() {
        let start = Instant::now();
        let mut place = Place { since: start, lines: 0 };
        let write = |left_out, is_last| Decision::Write { left_out, is_last };
        assert_eq!(
            [(); 3].map(|()| place.decide(start, 2)),
            [write(0, false), write(0, true), Decision::Drop]
        );
        assert_eq!(place.decide(start + WINDOW / 2, 2), Decision::Drop);
        assert_eq!(place.decide(start + WINDOW, 2), write(2, false), "both of them");
        assert_eq!(place.decide(start + WINDOW, 2), write(0, true));
        assert_eq!(place.decide(start + 3 * WINDOW, 2), write(0, false));
    }

    #[derive(Clone, Default)]
    struct Text(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Text {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn each_place_in_the_source_has_lines_of_its_own() {
        let text = Text::default();
        let own = text.clone();
        let log = tracing_subscriber::fmt()
            .event_format(Limited::new(tracing_subscriber::fmt::format()))
            .with_writer(move || own.clone());
        tracing::subscriber::with_default(log.finish(), || {
            for number in 0..1_000 {
                tracing::warn!(number, "provoked");
            }
            tracing::warn!("another one");
        });
        let text = String::from_utf8(text.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.matches("provoked").count(), 5, "{text}");
        assert_eq!(text.matches("further lines like this one").count(), 1, "{text}");
        assert!(text.trim_end().ends_with("another one"), "{text}");
        assert_eq!(text.lines().count(), 7, "{text}");
    }
}
