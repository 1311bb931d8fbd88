//! Metrics of a session: sums since its start, and what it is now. A number that was lost on the way is in the next set.

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Metric, NumberDataPoint, ResourceMetrics, ScopeMetrics, Sum,
};

use super::attributes::Attributes;
use super::resource::resource;
use super::scope;
use crate::snapshot::Snapshot;

/// Converts snapshots into one request; returns it with the number of its data points.
pub(crate) fn request(snapshots: &[Snapshot], version: &str) -> (ExportMetricsServiceRequest, u64) {
    let mut points = 0;
    let mut resource_metrics = Vec::new();
    for snapshot in snapshots {
        let builder = Builder::new(snapshot);
        let metrics = builder.build();
        points += metrics.iter().map(points_of).sum::<u64>();
        resource_metrics.push(ResourceMetrics {
            resource: Some(resource(&snapshot.source.attributes, None)),
            scope_metrics: vec![ScopeMetrics {
                scope: Some(scope(version)),
                metrics,
                ..ScopeMetrics::default()
            }],
            ..ResourceMetrics::default()
        });
    }
    (ExportMetricsServiceRequest { resource_metrics }, points)
}

fn points_of(metric: &Metric) -> u64 {
    match &metric.data {
        Some(Data::Sum(sum)) => sum.data_points.len() as u64,
        Some(Data::Gauge(gauge)) => gauge.data_points.len() as u64,
        _ => 0,
    }
}

/// Builder of the metrics of one session.
struct Builder<'a> {
    snapshot: &'a Snapshot,
    metrics: Vec<Metric>,
}

impl<'a> Builder<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let metrics = Vec::new();
        Self { snapshot, metrics }
    }

    fn build(mut self) -> Vec<Metric> {
        let Snapshot {
            counters,
            rate,
            traffic,
            connections,
            processes,
            dropped,
            ..
        } = self.snapshot;
        let by = |name: &'static str| move |(kind, count): (&str, u64)| (Attributes::of(&[(name, kind)]), count);
        let types = counters.by_type.iter().map(|(kind, count)| (kind.as_str(), *count));
        self.sum(
            ["mirrord.events", "{event}", "Events of the session by type."],
            types.map(by("mirrord.event.type")),
        );
        let operations = counters
            .by_operation
            .iter()
            .map(|(name, count)| (name.as_str(), *count));
        self.sum(
            ["mirrord.file.operations", "{operation}", "File operations by name."],
            operations.map(by("mirrord.file.operation")),
        );
        let outcomes = counters
            .by_outcome
            .iter()
            .map(|(outcome, count)| (outcome.name(), *count));
        self.sum(
            ["mirrord.outcomes", "{event}", "Events by outcome, where it is known."],
            outcomes.map(by("mirrord.outcome")),
        );
        let routings = counters
            .by_routing
            .iter()
            .map(|(routing, count)| (routing.name(), *count));
        self.sum(
            ["mirrord.routings", "{event}", "Events by routing, where it is known."],
            routings.map(by("mirrord.routing")),
        );
        let traffic = traffic
            .iter()
            .flat_map(|[received, sent]| [("receive", *received), ("transmit", *sent)]);
        self.sum(
            [
                "process.network.io",
                "By",
                "Bytes over the connections of the session's processes.",
            ],
            traffic.map(by("network.io.direction")),
        );
        self.sum(
            [
                "mirrord.events.dropped",
                "{event}",
                "Events that the session lost before anybody could read them.",
            ],
            [(Attributes::default(), *dropped)],
        );
        let open = connections.iter().map(|((transport, direction), count)| {
            let names = [
                ("network.transport", transport.as_str()),
                ("mirrord.connection.direction", direction.name()),
            ];
            (Attributes::of(&names), *count)
        });
        self.level(
            ["mirrord.connections.open", "{connection}", "Connections that are open."],
            open,
        );
        self.level(
            ["mirrord.processes.running", "{process}", "Processes that run."],
            [(Attributes::default(), *processes)],
        );
        self.gauge(["mirrord.events.rate", "{event}/s", "Events a second."], *rate);
        self.metrics
    }

    fn point(&self, attributes: Attributes, value: Value) -> NumberDataPoint {
        NumberDataPoint {
            attributes: attributes.into_inner(),
            start_time_unix_nano: self.snapshot.source.started_ns,
            time_unix_nano: self.snapshot.ts.saturating_mul(1_000),
            value: Some(value),
            ..NumberDataPoint::default()
        }
    }

    /// Adds a number that only grows.
    fn sum(&mut self, text: [&str; 3], points: impl IntoIterator<Item = (Attributes, u64)>) {
        self.add_sum(text, points, true);
    }

    /// Adds a number that goes up and down.
    fn level(&mut self, text: [&str; 3], points: impl IntoIterator<Item = (Attributes, u64)>) {
        self.add_sum(text, points, false);
    }

    fn add_sum(&mut self, text: [&str; 3], points: impl IntoIterator<Item = (Attributes, u64)>, is_monotonic: bool) {
        let number = |count: u64| Value::AsInt(i64::try_from(count).unwrap_or(i64::MAX));
        let points = points.into_iter();
        let data_points: Vec<_> = points.map(|(names, count)| self.point(names, number(count))).collect();
        if !data_points.is_empty() {
            let data = Data::Sum(Sum {
                data_points,
                aggregation_temporality: AggregationTemporality::Cumulative as i32,
                is_monotonic,
            });
            self.add(text, data);
        }
    }

    fn gauge(&mut self, text: [&str; 3], value: f64) {
        let data_points = vec![self.point(Attributes::default(), Value::AsDouble(value))];
        self.add(text, Data::Gauge(Gauge { data_points }));
    }

    fn add(&mut self, [name, unit, description]: [&str; 3], data: Data) {
        self.metrics.push(Metric {
            name: name.to_owned(),
            unit: unit.to_owned(),
            description: description.to_owned(),
            data: Some(data),
            ..Metric::default()
        });
    }
}
