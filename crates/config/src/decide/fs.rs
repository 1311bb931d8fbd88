//! Files: the mapping, the user's lists, the default lists, the mode.

use std::borrow::Cow;

use super::decision::{Decision, Fact, Routing, Trace};
use super::defaults::{self, AwsMapping, DefaultList};
use crate::context::Context;
use crate::operation::FileOperation;
use crate::rule::Rule;
use crate::settings::{FsList, FsMode, Origin, ResolvedValue, Settings};

const MODE: &str = "feature.fs.mode";
const MAPPING: &str = "feature.fs.mapping";
const AWS: &str = "feature.magic.aws";
const RELATIVE: Rule = Rule::Fixed("relative path");

pub(super) fn decide(
    settings: &Settings,
    context: &Context,
    operation: &FileOperation,
    trace: &mut impl Trace,
) -> Decision {
    let path = operation.path.as_str();
    let mode = settings.fs.mode;
    if mode == FsMode::Local {
        return Decision::new(Routing::Local, Rule::Key(MODE));
    }
    if !path.starts_with('/') {
        if operation.has_dirfd {
            return Decision::depends(Some(RELATIVE), vec![Fact::Descriptor]);
        }
        return decide_relative(settings, path, trace);
    }
    let mut mapped = map(settings, context, path).into_iter();
    let (first, mapped_by) = mapped.next().unzip();
    let first = first.unwrap_or(Cow::Borrowed(path));
    let decision = decide_mapped(settings, context, operation, &first, trace);
    for (other, _) in mapped {
        let other = decide_mapped(settings, context, operation, &other, &mut ());
        if other != decision {
            return Decision::depends(Some(Rule::Key(MAPPING)), vec![Fact::MapOrder(MAPPING)]);
        }
    }
    Decision {
        mapped_by: mapped_by.filter(|_| decision.path.is_some()),
        ..decision
    }
}

fn decide_relative(settings: &Settings, path: &str, trace: &mut impl Trace) -> Decision {
    let list = FsList::NotFound;
    let found = settings.fs.patterns.matches(path).find(|(found, _)| *found == list);
    if let Some((_, index)) = found {
        return Decision::new(Routing::NotFound, Rule::Item(list.path(), index));
    }
    pass_list(settings, list, path, trace);
    Decision {
        local_path: Some(path.to_owned()),
        ..Decision::new(Routing::Local, RELATIVE)
    }
}

/// Returns the path as each key maps it that takes it, with that key; a released mirrord uses one of them at random.
fn map<'a>(settings: &Settings, context: &Context, path: &'a str) -> Vec<(Cow<'a, str>, Rule)> {
    let mapping = &settings.fs.mapping;
    let user = mapping.matches(path);
    let mut paths: Vec<_> = user
        .into_iter()
        .filter_map(|index| Some((Cow::Owned(mapping.pairs.get(index)?.replace(path)), Rule::Key(MAPPING))))
        .collect();
    if let Some(aws) = aws_mapping(settings, context).filter(|aws| aws.takes(path)) {
        paths.push((Cow::Owned(aws.replace(path)), Rule::Key(AWS)));
    }
    paths
}

/// Returns what `feature.magic.aws` adds to the mapping, unless the file has that key.
fn aws_mapping<'a>(settings: &Settings, context: &'a Context) -> Option<&'a AwsMapping> {
    let aws = context.defaults.aws.as_ref().filter(|_| settings.magic.aws)?;
    let pairs = &settings.fs.mapping.pairs;
    pairs.iter().all(|pair| pair.key != aws.key).then_some(aws)
}

/// Returns the value of the key that `feature.magic.aws` adds.
pub(crate) fn mapping_by_magic(settings: &Settings, context: &Context) -> Option<ResolvedValue> {
    let aws = aws_mapping(settings, context)?;
    Some(ResolvedValue {
        path: format!("{MAPPING}[{:?}]", aws.key),
        value: aws.value.as_str().into(),
        origin: Origin::Because(AWS),
    })
}

/// Decides a path after its mapping.
fn decide_mapped(
    settings: &Settings,
    context: &Context,
    operation: &FileOperation,
    path: &str,
    trace: &mut impl Trace,
) -> Decision {
    let is_write = operation.is_write;
    let changed = (path != operation.path).then(|| path.to_owned());
    let local_path = |routing, path: &str| (routing == Routing::Local).then(|| path.to_owned());
    let decided = |routing, rule| Decision {
        path: changed.clone(),
        local_path: local_path(routing, path),
        ..Decision::new(routing, rule)
    };
    if let Some((routing, rule)) = by_lists(settings, context, path, is_write, trace) {
        return decided(routing, rule);
    }
    if let Some((routing, rule)) = by_defaults(context, path, is_write, trace) {
        return decided(routing, rule);
    }
    match settings.fs.mode {
        FsMode::Write => decided(Routing::Remote, Rule::Key(MODE)),
        FsMode::Read if !is_write => decided(Routing::Remote, Rule::Key(MODE)),
        FsMode::Read => Decision {
            local_path: Some(operation.path.clone()),
            ..decided(Routing::Local, Rule::Key(MODE))
        },
        _ => decided(Routing::Local, Rule::Key(MODE)),
    }
}

fn by_lists(
    settings: &Settings,
    context: &Context,
    path: &str,
    is_write: bool,
    trace: &mut impl Trace,
) -> Option<(Routing, Rule)> {
    let found = settings.fs.patterns.matches(path).next();
    let is_before = |list: FsList| found.is_none_or(|(found, _)| (list as usize) < (found as usize));
    for list in FsList::ALL.into_iter().filter(|list| is_before(*list)) {
        pass_list(settings, list, path, trace);
        if list == FsList::ReadOnly
            && let Some(rule) = mount_rule(settings, context, path)
        {
            return Some((read_only(is_write), rule));
        }
    }
    let (list, index) = found?;
    for before in 0..index {
        let why = || format!("its pattern is not found in {path}");
        trace.passed(|| Rule::Item(list.path(), before), why);
    }
    let routing = match list {
        FsList::NotFound => Routing::NotFound,
        FsList::ReadWrite => Routing::Remote,
        FsList::ReadOnly => read_only(is_write),
        FsList::Local => Routing::Local,
    };
    Some((routing, Rule::Item(list.path(), index)))
}

const fn read_only(is_write: bool) -> Routing {
    if is_write { Routing::Local } else { Routing::Remote }
}

fn pass_list(settings: &Settings, list: FsList, path: &str, trace: &mut impl Trace) {
    let count = settings.fs.patterns.count(list);
    if count > 0 {
        trace.passed(
            || Rule::Key(list.path()),
            || match count {
                1 => format!("its pattern is not found in {path}"),
                count => format!("none of its {count} patterns is found in {path}"),
            },
        );
    }
}

/// `feature.magic.auto_mount`: volume mounts of the target are read remotely, but for those that `local` matches.
fn mount_rule(settings: &Settings, context: &Context, path: &str) -> Option<Rule> {
    if !settings.magic.auto_mount {
        return None;
    }
    let is_within = |mount: &str, is_file: bool| {
        let (start, rest) = path.split_at_checked(mount.len())?;
        let fits = start.eq_ignore_ascii_case(mount) && (rest.is_empty() || (!is_file && rest.starts_with('/')));
        fits.then_some(())
    };
    let is_local = |mount: &str| {
        settings
            .fs
            .patterns
            .matches(mount)
            .any(|(list, _)| list == FsList::Local)
    };
    let mounts = context.facts.mounts.as_deref().unwrap_or_default();
    let mount = mounts
        .iter()
        .find(|mount| is_within(&mount.path, mount.sub_path).is_some() && !is_local(&mount.path))?;
    Some(Rule::Pattern("feature.magic.auto_mount", mount.path.as_str().into()))
}

fn by_defaults(context: &Context, path: &str, is_write: bool, trace: &mut impl Trace) -> Option<(Routing, Rule)> {
    let found = context
        .defaults
        .matches(path)
        .find(|(list, _)| !(is_write && *list == DefaultList::ReadOnly));
    let lists = [
        (DefaultList::NotFound, defaults::NOT_FOUND, Routing::NotFound),
        (DefaultList::ReadOnly, defaults::READ_ONLY, Routing::Remote),
        (DefaultList::Local, defaults::LOCAL, Routing::Local),
    ];
    for (list, name, routing) in lists {
        match found {
            Some((found, pattern)) if found == list => {
                return Some((routing, Rule::Pattern(name, pattern.clone())));
            }
            _ if is_write && list == DefaultList::ReadOnly => {
                trace.passed(|| Rule::Fixed(name), || "it is for reading alone".to_owned());
            }
            _ => trace.passed(
                || Rule::Fixed(name),
                || format!("none of its patterns is found in {path}"),
            ),
        }
    }
    None
}

/// Decides `rename`: both paths as reads; remote only where both are.
pub(super) fn decide_rename(
    settings: &Settings,
    context: &Context,
    from: &str,
    to: &str,
    trace: &mut impl Trace,
) -> Decision {
    let mut of = |path: &str| {
        let operation = FileOperation {
            path: path.to_owned(),
            is_write: false,
            has_dirfd: false,
        };
        decide(settings, context, &operation, trace)
    };
    let (first, second) = (of(from), of(to));
    let decided_by = |routing| {
        [&first, &second]
            .into_iter()
            .find(|decision| decision.routing == routing)
    };
    let deciding = decided_by(Routing::NotFound)
        .or_else(|| decided_by(Routing::Depends))
        .or_else(|| decided_by(Routing::Local))
        .unwrap_or(&first);
    Decision {
        path: first.path.clone(),
        local_path: (deciding.routing == Routing::Local).then(|| first.path.clone().unwrap_or_else(|| from.to_owned())),
        ..deciding.clone()
    }
}
