//! `mirrord verify-config FILE`: checks a config file, and names all that is wrong with it at once.
//!
//! `type` in the JSON is `Success` or `Fail`, as a released mirrord prints it; errors and warnings are objects.

use std::io::{Write as _, stdout};
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use mirrord_config::{Config, LoadError, Problem};
use serde::Serialize;

use crate::args::VerifyConfig;
use crate::config::inputs;

/// Result of the check.
#[derive(Serialize)]
struct Verified<'a> {
    r#type: &'static str,
    valid: bool,
    file: &'a Path,
    target: Option<&'a str>,
    errors: Vec<serde_json::Value>,
    warnings: &'a [Problem],
}

pub(crate) fn run(arguments: &VerifyConfig) -> Result<ExitCode> {
    let file = &arguments.file;
    let loaded = Config::load(file, &inputs());
    if arguments.json {
        print_json(file, &loaded)?;
    } else {
        print_text(file, &loaded)?;
    }
    Ok(match loaded {
        Ok(_) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

fn print_json(file: &Path, loaded: &Result<Config, LoadError>) -> Result<()> {
    let verified = match loaded {
        Ok(config) => Verified {
            r#type: "Success",
            valid: true,
            file,
            target: config.target.as_deref(),
            errors: Vec::new(),
            warnings: &config.warnings,
        },
        Err(error) => Verified {
            r#type: "Fail",
            valid: false,
            file,
            target: None,
            errors: errors(error)?,
            warnings: &[],
        },
    };
    Ok(writeln!(stdout(), "{}", serde_json::to_string(&verified)?)?)
}

fn errors(error: &LoadError) -> Result<Vec<serde_json::Value>> {
    match error {
        LoadError::Invalid { problems, .. } => {
            Ok(problems.errors().map(serde_json::to_value).collect::<Result<_, _>>()?)
        }
        other => Ok(vec![serde_json::json!({ "message": other.to_string() })]),
    }
}

fn print_text(file: &Path, loaded: &Result<Config, LoadError>) -> Result<()> {
    let mut stdout = stdout().lock();
    let name = match file.to_str() {
        Some("-") => "standard input".into(),
        _ => file.to_string_lossy(),
    };
    match loaded {
        Ok(config) => {
            for warning in &config.warnings {
                writeln!(stdout, "{name}:{warning}")?;
            }
            let target = config.target.as_deref().unwrap_or("none");
            writeln!(stdout, "{name} is valid; target: {target}")?;
        }
        Err(LoadError::Invalid { problems, .. }) => {
            for problem in problems.list() {
                writeln!(stdout, "{name}:{problem}")?;
            }
            let count = problems.errors().count() + problems.omitted();
            let noun = if count == 1 { "error" } else { "errors" };
            writeln!(stdout, "{name} is not valid: {count} {noun}")?;
        }
        Err(error) => writeln!(stdout, "{error}")?,
    }
    Ok(())
}
