use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

/// The content type of [`Metrics::encode`].
pub const METRICS_CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;

/// Metrics cannot be collected or exported.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The exporter cannot be created.
    #[error("the metrics exporter cannot be created")]
    Exporter(#[from] opentelemetry_sdk::error::OTelSdkError),
    /// They cannot be encoded.
    #[error("metrics cannot be encoded")]
    Encode(#[from] prometheus::Error),
}

/// One observed value of a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    labels: Vec<(&'static str, String)>,
    value: u64,
}

impl Observation {
    /// A value without labels.
    pub fn new(value: u64) -> Self {
        let labels = Vec::new();
        Self { labels, value }
    }

    /// Adds a label. Its values must come from a small set.
    #[must_use]
    pub fn with_label(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.labels.push((name, value.into()));
        self
    }

    fn into_parts(self) -> (u64, Vec<KeyValue>) {
        let attributes = self
            .labels
            .into_iter()
            .map(|(name, value)| KeyValue::new(name, value));
        (self.value, attributes.collect())
    }
}

impl From<usize> for Observation {
    fn from(value: usize) -> Self {
        // Never beyond, on the machines there are.
        Self::new(u64::try_from(value).unwrap_or(u64::MAX))
    }
}

impl From<bool> for Observation {
    fn from(up: bool) -> Self {
        Self::new(u64::from(up))
    }
}

/// The metrics of this process: values are read when they are exported.
///
/// Built on OpenTelemetry, so that the same values can be exported elsewhere than to Prometheus.
pub struct Metrics {
    registry: Registry,
    meter: Meter,
    // Instruments work as long as the provider lives.
    _provider: SdkMeterProvider,
}

impl Metrics {
    /// Without metrics yet. Names begin with `keelson_`.
    ///
    /// # Errors
    /// When the exporter cannot be created.
    pub fn new() -> Result<Self, MetricsError> {
        let registry = Registry::new();
        let exporter = opentelemetry_prometheus::exporter()
            .with_registry(registry.clone())
            .with_namespace("keelson")
            .without_target_info()
            .scope_info_enabled(false)
            .build()?;
        let provider = SdkMeterProvider::builder().with_reader(exporter).build();
        Ok(Self {
            registry,
            meter: provider.meter("keelson"),
            _provider: provider,
        })
    }

    /// Adds a gauge. `read` must be quick and must not block.
    pub fn gauge<R>(&self, name: &'static str, help: &'static str, read: R)
    where
        R: Fn() -> Vec<Observation> + Send + Sync + 'static,
    {
        // The meter keeps the instrument; the handle is not needed.
        let _ = self
            .meter
            .u64_observable_gauge(name)
            .with_description(help)
            .with_callback(move |observer| {
                for (value, attributes) in read().into_iter().map(Observation::into_parts) {
                    observer.observe(value, &attributes);
                }
            })
            .build();
    }

    /// Adds a counter; its name gets the suffix `_total`. `read` as for [`Metrics::gauge`].
    pub fn counter<R>(&self, name: &'static str, help: &'static str, read: R)
    where
        R: Fn() -> Vec<Observation> + Send + Sync + 'static,
    {
        let _ = self
            .meter
            .u64_observable_counter(name)
            .with_description(help)
            .with_callback(move |observer| {
                for (value, attributes) in read().into_iter().map(Observation::into_parts) {
                    observer.observe(value, &attributes);
                }
            })
            .build();
    }

    /// All metrics in Prometheus' text format ([`METRICS_CONTENT_TYPE`]).
    ///
    /// # Errors
    /// When a value cannot be encoded.
    pub fn encode(&self) -> Result<String, MetricsError> {
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn values_are_read_when_they_are_exported() {
        let metrics = Metrics::new().unwrap();
        let open = Arc::new(AtomicUsize::new(3));
        let read = open.clone();
        metrics.gauge("sockets_open", "Connections.", move || {
            vec![read.load(Ordering::SeqCst).into()]
        });
        metrics.counter("restarts", "Restarts.", || {
            vec![
                Observation::new(2).with_label("loop", "tasks"),
                Observation::new(0).with_label("loop", "settings"),
            ]
        });
        assert!(metrics.encode().unwrap().contains("\nkeelson_sockets_open 3\n"));
        open.store(5, Ordering::SeqCst);
        let text = metrics.encode().unwrap();
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "# HELP keelson_restarts_total Restarts.",
                "# TYPE keelson_restarts_total counter",
                "keelson_restarts_total{loop=\"settings\"} 0",
                "keelson_restarts_total{loop=\"tasks\"} 2",
                "# HELP keelson_sockets_open Connections.",
                "# TYPE keelson_sockets_open gauge",
                "keelson_sockets_open 5",
            ]
        );
    }
}
