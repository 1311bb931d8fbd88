//! `mirrord config show` and `mirrord config explain`: a config as it applies, and what it decides. No cluster and no name
//! server is asked.

mod batch;
pub(crate) mod facts;
mod source;

use std::collections::BTreeMap;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use mirrord_config::{
    Config, Context, Decision, Inputs, Operation, OperationFields, Origin, ResolvedValue, Routing, Rule, Step,
    decide_traced, depends_on_mounts,
};
use mirrord_wire::session::ConfigSource;
use serde::Serialize;

use crate::args::{ConfigCommand, ConfigExplain, ConfigFile, ConfigShow};
use crate::failed;

/// Exit code of a command line that names no operation, as clap has it.
const USAGE: u8 = 2;
const CONFIG_FILE: &str = "MIRRORD_CONFIG_FILE";
const KEY: &str = "MIRRORD_KEY";

/// Environment and git branch of this process, for templates and for the variables that go before the file. What is no
/// text is left out.
pub(crate) fn inputs() -> Inputs {
    let environment = std::env::vars_os();
    let texts = environment.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Inputs::new(texts.collect(), &std::env::current_dir().unwrap_or_default())
}

/// Reads the config file that is given, or else the one that `MIRRORD_CONFIG_FILE` names. Nothing is searched for. A key that
/// is given goes before the variable's and the file's, in the file's template as well.
pub(crate) fn load(file: Option<&Path>, key: Option<&str>) -> Result<Option<Config>> {
    let from_variable = || {
        std::env::var_os(CONFIG_FILE)
            .filter(|file| !file.is_empty())
            .map(PathBuf::from)
    };
    let file = file.map(Path::to_owned).or_else(from_variable);
    let mut inputs = inputs();
    if let Some(key) = key {
        inputs.environment.insert(KEY.to_owned(), key.to_owned());
    }
    Ok(file.map(|file| Config::load(&file, &inputs)).transpose()?)
}

/// Describes the config file of a session as it is published.
pub(crate) fn source(config: &Config) -> ConfigSource {
    source::describe(config, &facts::of_this_machine())
}

/// Reads the config of a question: the defaults, where there is no file.
fn load_or_default(file: &ConfigFile) -> Result<Config> {
    match load(file.config_file.as_deref(), None)? {
        Some(config) => Ok(config),
        None => Ok(Config::from_json("{}", &inputs().environment)?),
    }
}

pub(crate) fn run(command: ConfigCommand) -> Result<ExitCode> {
    match command {
        ConfigCommand::Show(arguments) => show(&arguments),
        ConfigCommand::Explain(arguments) if arguments.batch => batch::run(),
        ConfigCommand::Explain(arguments) => explain(&arguments),
    }
}

/// Name of the file, for people: relative to the working directory, where it is below it.
fn name(config: &Config) -> String {
    let Some(path) = &config.path else {
        return "config".to_owned();
    };
    let below = std::env::current_dir().ok().and_then(|cwd| path.strip_prefix(cwd).ok());
    below.unwrap_or(path).display().to_string()
}

fn show(arguments: &ConfigShow) -> Result<ExitCode> {
    let config = load_or_default(&arguments.file)?;
    // A later value of a key is the one that applies.
    let whole = config.whole(&Context::new(facts::of_this_machine()));
    let values: BTreeMap<&str, &ResolvedValue> = whole.iter().map(|value| (value.path.as_str(), value)).collect();
    let mut stdout = stdout().lock();
    if arguments.file.json {
        let values: Vec<_> = values.into_values().collect();
        let shown = serde_json::json!({ "file": config.path, "values": values, "warnings": config.warnings });
        writeln!(stdout, "{shown}")?;
        return Ok(ExitCode::SUCCESS);
    }
    let file = name(&config);
    for (path, value) in values {
        writeln!(stdout, "{path} = {}  ({})", value.value, origin(&file, &value.origin))?;
    }
    for warning in &config.warnings {
        writeln!(stdout, "{file}:{warning}")?;
    }
    Ok(ExitCode::SUCCESS)
}

fn origin(file: &str, origin: &Origin) -> String {
    match origin {
        Origin::Default => "default".to_owned(),
        Origin::File(at) => format!("{file}:{}:{}", at.line, at.column),
        Origin::Variable(name) => format!("environment: {name}"),
        Origin::Because(path) => format!("because of {path}"),
        _ => "unknown".to_owned(),
    }
}

/// Answer to a question, as JSON.
#[derive(Serialize)]
struct Explanation<'a> {
    operation: &'a OperationFields,
    #[serde(flatten)]
    decision: &'a Decision,
    /// File and place of the rule, where it is in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    /// Rules that were looked at before, and why they did not decide.
    passed: &'a [Step],
    /// Facts that are not known and could change the answer.
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    unless: &'a [&'static str],
}

fn explain(arguments: &ConfigExplain) -> Result<ExitCode> {
    let kind = arguments.kind.as_deref().unwrap_or_default();
    if kind == "kinds" {
        return list_kinds();
    }
    let fields = match OperationFields::from_words(kind, &arguments.words) {
        Ok(fields) => fields,
        Err(error) => return Ok(usage(&error)),
    };
    let operation = match fields.operation() {
        Ok(operation) => operation,
        Err(error) => return Ok(usage(&error)),
    };
    let config = load_or_default(&arguments.file)?;
    let mut facts = facts::of_this_machine();
    if kind == "process" {
        facts.exe.clone_from(&fields.name);
    }
    if let Some(assume) = &arguments.assume {
        facts = facts::read(assume)?.or(facts);
    }
    let before = facts.before.clone();
    let mut context = Context::new(facts);
    for earlier in before {
        context.observe(&config, &earlier.operation()?);
    }
    answer(arguments, &config, &context, &fields, &operation)
}

fn answer(
    arguments: &ConfigExplain,
    config: &Config,
    context: &Context,
    fields: &OperationFields,
    operation: &Operation,
) -> Result<ExitCode> {
    let mut passed: Vec<Step> = Vec::new();
    let decision = decide_traced(config, context, operation, &mut passed);
    let at = decision.rule.as_ref().and_then(|rule| config.position_of(rule));
    let has_mounts = depends_on_mounts(config, context, operation, &decision);
    let explanation = Explanation {
        operation: fields,
        decision: &decision,
        file: config.path.as_deref().filter(|_| at.is_some()),
        line: at.map(|at| at.line),
        column: at.map(|at| at.column),
        passed: &passed,
        unless: if has_mounts { &["target_mounts"] } else { &[] },
    };
    if arguments.file.json {
        writeln!(stdout(), "{}", serde_json::to_string(&explanation)?)?;
    } else {
        print(config, &explanation)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn usage(error: &mirrord_config::OperationError) -> ExitCode {
    let advice = "`mirrord config explain kinds` lists the kinds with their arguments";
    failed(&anyhow::anyhow!("{error}; {advice}"), USAGE)
}

fn list_kinds() -> Result<ExitCode> {
    let mut stdout = stdout().lock();
    for (kind, arguments) in mirrord_config::kinds() {
        writeln!(stdout, "{kind} {arguments}")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints an answer for people: the side and the rule first, then why not the others.
fn print(config: &Config, explanation: &Explanation<'_>) -> Result<()> {
    let mut stdout = stdout().lock();
    let decision = explanation.decision;
    let routing = serde_json::to_value(decision.routing)?;
    let routing = routing.as_str().unwrap_or_default().replace('_', " ");
    let rule = decision
        .rule
        .as_ref()
        .map(|rule| format!(", by {rule}"))
        .unwrap_or_default();
    let place = match (explanation.line, explanation.column) {
        (Some(line), Some(column)) => format!(" ({}:{line}:{column})", name(config)),
        _ => String::new(),
    };
    writeln!(stdout, "{routing}{rule}{place}")?;
    for (label, value) in details(decision) {
        writeln!(stdout, "  {label}: {value}")?;
    }
    if let Some(value) = decision.rule.as_ref().and_then(|rule| config.value_of(rule)) {
        writeln!(
            stdout,
            "  {} = {}  ({})",
            value.path,
            value.value,
            origin(&name(config), &value.origin)
        )?;
    }
    for step in explanation.passed {
        writeln!(stdout, "  not {}: {}", step.rule, step.why)?;
    }
    if decision.routing == Routing::Depends {
        writeln!(stdout, "  nobody was asked; `--assume FILE` gives such facts")?;
    }
    if !explanation.unless.is_empty() {
        let why = "unless the target mounts a volume there, which is read remotely by feature.magic.auto_mount";
        writeln!(stdout, "  {why}")?;
    }
    Ok(())
}

/// Path after the mapping, with the key that mapped it.
fn mapped(path: &str, by: Option<&Rule>) -> String {
    let by = by.map(|rule| format!(", by {rule}")).unwrap_or_default();
    format!("{path}{by}")
}

/// Details of a decision beside side and rule.
fn details(decision: &Decision) -> Vec<(&'static str, String)> {
    let facts = decision
        .on
        .iter()
        .cloned()
        .map(String::from)
        .collect::<Vec<_>>()
        .join(", ");
    let path = decision.path.as_ref();
    let local_path = decision
        .local_path
        .as_ref()
        .filter(|local| path.is_some_and(|path| path != *local));
    let details = [
        ("depends on", Some(facts).filter(|facts| !facts.is_empty())),
        ("mapped to", path.map(|path| mapped(path, decision.mapped_by.as_ref()))),
        ("the local call gets", local_path.cloned()),
        ("mode", decision.mode.map(str::to_owned)),
        ("remote port", decision.port.map(|port| port.to_string())),
        ("HTTP filter", decision.filter.clone()),
        ("bound to", decision.bound_to.clone()),
        ("connects to", decision.connects_to.clone()),
        ("value", decision.value.clone().flatten()),
    ];
    let present = details.into_iter().filter_map(|(label, value)| Some((label, value?)));
    present.collect()
}
