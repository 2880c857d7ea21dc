use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

/// The content type of [`Metrics::text`].
pub const METRICS_CONTENT_TYPE: &str = prometheus::TEXT_FORMAT;

/// Metrics cannot be measured or shown.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// The exporter cannot be made.
    #[error("metrics cannot be measured")]
    Exporter(#[from] opentelemetry_sdk::error::OTelSdkError),
    /// They cannot be written down.
    #[error("metrics cannot be written down")]
    Text(#[from] prometheus::Error),
}

/// One value of a metric at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    labels: Vec<(&'static str, String)>,
    value: u64,
}

impl Reading {
    /// A value without labels.
    pub fn new(value: u64) -> Self {
        let labels = Vec::new();
        Self { labels, value }
    }

    /// One of several values, told apart by a label. What a label says must come from a small set.
    #[must_use]
    pub fn of(mut self, label: &'static str, says: impl Into<String>) -> Self {
        self.labels.push((label, says.into()));
        self
    }

    fn attributes(self) -> (u64, Vec<KeyValue>) {
        let attributes = self
            .labels
            .into_iter()
            .map(|(key, says)| KeyValue::new(key, says));
        (self.value, attributes.collect())
    }
}

impl From<usize> for Reading {
    fn from(value: usize) -> Self {
        // Never beyond, on the machines there are.
        Self::new(u64::try_from(value).unwrap_or(u64::MAX))
    }
}

impl From<bool> for Reading {
    fn from(up: bool) -> Self {
        Self::new(u64::from(up))
    }
}

/// What is measured: nothing is kept up to date, values are read whenever somebody asks.
///
/// Stands on OpenTelemetry, so that the same values can go elsewhere than to Prometheus.
pub struct Metrics {
    registry: Registry,
    meter: Meter,
    // Instruments work as long as it lives.
    _provider: SdkMeterProvider,
}

impl Metrics {
    /// Nothing is measured yet. Names begin with `keelson_`.
    ///
    /// # Errors
    /// When the exporter cannot be made.
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

    /// Measures something that goes up and down. `read` must be quick and must not block.
    pub fn gauge<R>(&self, name: &'static str, help: &'static str, read: R)
    where
        R: Fn() -> Vec<Reading> + Send + Sync + 'static,
    {
        // The instrument lives in the meter; the handle is not needed.
        let _ = self
            .meter
            .u64_observable_gauge(name)
            .with_description(help)
            .with_callback(move |observer| {
                for (value, attributes) in read().into_iter().map(Reading::attributes) {
                    observer.observe(value, &attributes);
                }
            })
            .build();
    }

    /// Measures something that only grows; the name gets `_total` at its end. `read` as for [`Metrics::gauge`].
    pub fn counter<R>(&self, name: &'static str, help: &'static str, read: R)
    where
        R: Fn() -> Vec<Reading> + Send + Sync + 'static,
    {
        let _ = self
            .meter
            .u64_observable_counter(name)
            .with_description(help)
            .with_callback(move |observer| {
                for (value, attributes) in read().into_iter().map(Reading::attributes) {
                    observer.observe(value, &attributes);
                }
            })
            .build();
    }

    /// Everything, as Prometheus reads it ([`METRICS_CONTENT_TYPE`]).
    ///
    /// # Errors
    /// When a value cannot be written down.
    pub fn text(&self) -> Result<String, MetricsError> {
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn values_are_read_when_they_are_asked_for() {
        let metrics = Metrics::new().unwrap();
        let open = Arc::new(AtomicUsize::new(3));
        let read = open.clone();
        metrics.gauge("sockets_open", "Pages.", move || {
            vec![read.load(Ordering::SeqCst).into()]
        });
        metrics.counter("restarts", "Restarts.", || {
            vec![
                Reading::new(2).of("loop", "tasks"),
                Reading::new(0).of("loop", "settings"),
            ]
        });
        assert!(metrics.text().unwrap().contains("\nkeelson_sockets_open 3\n"));
        open.store(5, Ordering::SeqCst);
        let text = metrics.text().unwrap();
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                "# HELP keelson_restarts_total Restarts.",
                "# TYPE keelson_restarts_total counter",
                "keelson_restarts_total{loop=\"settings\"} 0",
                "keelson_restarts_total{loop=\"tasks\"} 2",
                "# HELP keelson_sockets_open Pages.",
                "# TYPE keelson_sockets_open gauge",
                "keelson_sockets_open 5",
            ]
        );
    }
}
