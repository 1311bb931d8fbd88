//! Medians, percentiles and spreads.

use std::time::Duration;

/// Some measurements of one thing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn add(&mut self, sample: Duration) {
        let place = self.0.partition_point(|own| *own <= sample);
        self.0.insert(place, sample);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value below which this share of the samples lies; zero where there are none.
    pub(crate) fn percentile(&self, share: f64) -> Duration {
        let last = self.0.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a small number"
        )]
        let place = (last as f64 * share).round() as usize;
        self.0.get(place).copied().unwrap_or_default()
    }

    pub(crate) fn median(&self) -> Duration {
        self.percentile(0.5)
    }

    /// `median (smallest to largest)`, in milliseconds.
    pub(crate) fn spread(&self) -> String {
        let [low, middle, high] = [0.0, 0.5, 1.0].map(|share| self.percentile(share).as_secs_f64() * 1e3);
        format!("{middle:9.1} ms ({low:.1} to {high:.1})")
    }
}
