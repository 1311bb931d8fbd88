//! Removal of the values of environment variables, for readers that were not asked to show them: records, the command line.
//!
//! Names stay. Closed by default where a shape is not known: an `EnvVar` event of another shape keeps its number, its time and
//! its process alone.

use serde_json::Value;

use super::event::{EventLine, MonitorEvent};
use super::info::SessionInfo;

/// Fields of an `EnvVar` event of an unknown shape that hold no value of a variable.
const HARMLESS: [&str; 5] = ["pid", "routing", "rule", "outcome", "root"];

impl EventLine {
    /// Returns whether it has values of environment variables, or fields that may be some.
    #[must_use]
    pub fn has_values(&self) -> bool {
        match self.event() {
            MonitorEvent::EnvVar { vars } => vars.iter().any(|(_, value)| value.is_some()),
            MonitorEvent::Unknown { kind, fields } if kind == "EnvVar" => {
                fields.iter().any(|(name, _)| !is_harmless(name))
            }
            _ => false,
        }
    }

    /// Removes the values of environment variables.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        match &mut self.observation.event {
            MonitorEvent::EnvVar { vars } => vars.iter_mut().for_each(|(_, value)| *value = None),
            MonitorEvent::Unknown { kind, fields } if kind == "EnvVar" => fields.retain(|(name, _)| is_harmless(name)),
            _ => {}
        }
        self
    }
}

fn is_harmless(field: &str) -> bool {
    HARMLESS.contains(&field)
}

impl SessionInfo {
    /// Removes the values of environment variables: those that the config sets, and the config's text, which has them too.
    pub fn remove_values(&mut self) {
        if let Some(source) = &mut self.config_source {
            source.text.clear();
        }
        let variables = self
            .config
            .as_mut()
            .and_then(|config| config.pointer_mut("/feature/env"));
        // `override` and `mapping` are objects of values by name; lists and texts are names and switches.
        for value in variables.and_then(Value::as_object_mut).into_iter().flatten() {
            if let Some(values) = value.1.as_object_mut() {
                values.iter_mut().for_each(|(_, value)| *value = Value::Null);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(text: &str) -> EventLine {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn names_stay_and_values_go() {
        let own = line(r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["KEY","s3cret"],["NAME",null]],"pid":7}"#);
        assert!(own.has_values());
        let own = own.without_values();
        assert_eq!(
            serde_json::to_string(&own).unwrap(),
            r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["KEY",null],["NAME",null]],"pid":7}"#
        );
        assert!(!own.has_values());
    }

    #[test]
    fn an_unknown_shape_keeps_nothing_that_may_be_a_value() {
        let odd = line(r#"{"seq":1,"ts":2,"type":"EnvVar","vars":{"KEY":"s3cret"},"env":["s3cret"],"pid":7}"#);
        assert!(odd.has_values());
        let text = serde_json::to_string(&odd.without_values()).unwrap();
        assert!(!text.contains("s3cret") && text.contains(r#""pid":7"#), "{text}");
    }

    #[test]
    fn a_description_keeps_the_names_that_its_config_sets() {
        let mut info = SessionInfo {
            config: Some(json!({"target": "t", "feature": {"env": {"include": "A", "override": {"KEY": "s3cret"}}}})),
            config_source: Some(crate::session::ConfigSource {
                text: "s3cret".to_owned(),
                ..Default::default()
            }),
            ..SessionInfo::default()
        };
        info.remove_values();
        let text = serde_json::to_string(&info).unwrap();
        assert!(
            !text.contains("s3cret") && text.contains(r#""override":{"KEY":null}"#),
            "{text}"
        );
        assert!(text.contains(r#""include":"A""#), "{text}");
    }
}
