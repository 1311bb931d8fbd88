//! Decisions of many lines, each with its own config: the form of the case files.
//!
//! `{"config":{…},"op":{"kind":"file_read","path":"/a"},"context":{…},"before":[…]}` is answered by
//! `{"routing":"remote","rule":"feature.fs.mode"}`; the kind `verify` by `{"routing":"valid","valid":true,…}`. A line of
//! its own has nothing to do with the one before it; what two have in common is compiled once.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::config::Config;
use crate::context::{Context, Facts};
use crate::decide::decide;
use crate::operation::OperationFields;
use crate::problem::{Problem, Problems};
use crate::settings::Variables;

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    config: Value,
    op: OperationFields,
    #[serde(default)]
    context: Facts,
    #[serde(default)]
    before: Vec<OperationFields>,
}

/// Answer to `verify`.
#[derive(Serialize)]
struct Verified<'a> {
    routing: &'static str,
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    errors: Vec<&'a Problem>,
    warnings: Vec<String>,
}

/// Answers lines. Keeps the last config and the last context, since neighbouring lines often share them.
#[derive(Debug, Default)]
pub struct Batch {
    config: Option<(String, Variables, Result<Config, Problems>)>,
    context: Option<Context>,
}

impl Batch {
    /// Answers one line with one line of JSON.
    ///
    /// # Errors
    /// The line is not of the form, its operation is none, or its config is not valid, with the reason.
    pub fn answer(&mut self, line: &str) -> Result<String, String> {
        let Line {
            config,
            op,
            context,
            before,
        } = serde_json::from_str(line).map_err(|error| format!("not a line of the batch: {error}"))?;
        let text = match config {
            Value::Null => "{}".to_owned(),
            Value::String(text) => text,
            other => other.to_string(),
        };
        self.read(text, context.mirrord_env.clone());
        let Some((_, _, config)) = &self.config else {
            return Err("no config".to_owned());
        };
        if op.kind == "verify" {
            return to_line(&verified(config));
        }
        let config = config
            .as_ref()
            .map_err(|problems| format!("the config is not valid: {problems}"))?;
        let operation = op.operation().map_err(|error| error.to_string())?;
        let before: Vec<OperationFields> = context.before.iter().cloned().chain(before).collect();
        let mut context = match &self.context {
            Some(last) => last.like(context),
            None => Context::new(context),
        };
        for earlier in before {
            let earlier = earlier.operation().map_err(|error| format!("before: {error}"))?;
            context.observe(config, &earlier);
        }
        let answer = to_line(&decide(config, &context, &operation));
        self.context = Some(context);
        answer
    }

    fn read(&mut self, text: String, variables: Variables) {
        let is_read = self
            .config
            .as_ref()
            .is_some_and(|(last, with, _)| *last == text && *with == variables);
        if !is_read {
            let config = Config::from_json(&text, &variables);
            self.config = Some((text, variables, config));
        }
    }
}

fn verified(config: &Result<Config, Problems>) -> Verified<'_> {
    match config {
        Ok(config) => Verified {
            routing: "valid",
            valid: true,
            error: None,
            errors: Vec::new(),
            warnings: config.warnings.iter().map(ToString::to_string).collect(),
        },
        Err(problems) => Verified {
            routing: "invalid",
            valid: false,
            error: Some(problems.to_string()),
            errors: problems.errors().collect(),
            warnings: problems.warnings().map(ToString::to_string).collect(),
        },
    }
}

fn to_line(answer: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(answer).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_says_why_and_the_next_one_is_answered() {
        let mut batch = Batch::default();
        for (line, reason) in [
            ("{", "not a line"),
            (r#"{"config":{},"op":{"kind":"fly"}}"#, "unknown kind"),
            (
                r#"{"config":{"x":1},"op":{"kind":"dns","name":"a"}}"#,
                "unknown key `x`",
            ),
            (
                r#"{"config":{},"op":{"kind":"connect_tcp","address":"db:1"}}"#,
                "no address",
            ),
        ] {
            let error = batch.answer(line).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
        let answer = batch.answer(r#"{"config":{"target":"pod/a"},"op":{"kind":"file_read","path":"/a"}}"#);
        assert_eq!(answer.unwrap(), r#"{"routing":"remote","rule":"feature.fs.mode"}"#);
    }
}
