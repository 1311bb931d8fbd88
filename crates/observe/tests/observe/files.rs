//! File operations: which, on what path.

use mirrord_wire::MonitorEvent;

use super::support::{Test, Watch, assert_contains, build_static, find};

pub(crate) const TESTS: &[Test] = &[
    (
        "files::each_operation_is_told_with_its_absolute_path",
        each_operation_is_told_with_its_absolute_path,
    ),
    (
        "files::relative_paths_follow_the_directory_and_descriptors",
        relative_paths_follow_the_directory_and_descriptors,
    ),
    (
        "files::calls_that_fail_by_themselves_say_nothing",
        calls_that_fail_by_themselves_say_nothing,
    ),
    (
        "files::a_removed_directory_keeps_its_name",
        a_removed_directory_keeps_its_name,
    ),
    (
        "files::a_call_with_a_root_of_its_own_is_told_below_it",
        a_call_with_a_root_of_its_own_is_told_below_it,
    ),
    (
        "files::a_thread_with_a_directory_of_its_own_is_told_in_it",
        a_thread_with_a_directory_of_its_own_is_told_in_it,
    ),
    (
        "files::a_program_with_another_root_is_told_as_that_sees_it",
        a_program_with_another_root_is_told_as_that_sees_it,
    ),
    ("files::every_thread_is_seen", every_thread_is_seen),
    ("files::a_static_program_is_seen", a_static_program_is_seen),
    ("files::scripts_are_seen", scripts_are_seen),
];

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(operation, path)| ((*operation).to_owned(), (*path).to_owned()))
        .collect()
}

fn each_operation_is_told_with_its_absolute_path() {
    let ended = Watch::act(&["files"]).run().succeeded();
    let expected = pairs(&[
        ("write", "new"),
        ("open", "new"),
        ("stat", "new"),
        ("access", "new"),
        ("rename", "new"),
        ("rename", "other"),
        ("symlink", "link"),
        ("readlink", "link"),
        ("mkdir", "sub"),
        ("opendir", "sub"),
        ("rmdir", "sub"),
        ("unlink", "other"),
        ("open", "missing/file"),
        ("open", "link/../link"),
        ("write", "open"),
    ]);
    assert_eq!(ended.operations(), expected);
}

fn relative_paths_follow_the_directory_and_descriptors() {
    let ended = Watch::act(&["directories"]).run().succeeded();
    let expected = pairs(&[
        ("mkdir", "a"),
        ("mkdir", "a/b"),
        ("write", "a/one"),
        ("write", "a/b/../two"),
        ("open", "a/b/.."),
        ("mkdir", "a/made"),
        ("rmdir", "a/made"),
        ("write", "a/three"),
    ]);
    assert_eq!(ended.operations(), expected);
}

fn calls_that_fail_by_themselves_say_nothing() {
    let ended = Watch::act(&["broken"]).run().succeeded();
    assert_eq!(ended.operations(), pairs(&[("mkdir", r"n\xff")]));
}

fn a_removed_directory_keeps_its_name() {
    let ended = Watch::act(&["deleted"]).run().succeeded();
    assert_contains(&ended.operations(), &("open".to_owned(), "gone/file".to_owned()));
    assert_contains(
        &ended.operations(),
        &("open".to_owned(), "named so (deleted)/file".to_owned()),
    );
}

fn a_call_with_a_root_of_its_own_is_told_below_it() {
    let ended = Watch::act(&["openat2"]).run().succeeded();
    let expected = pairs(&[
        ("mkdir", "tree"),
        ("opendir", "tree"),
        ("open", "tree/etc/x"),
        ("open", "tree/y"),
    ]);
    assert_eq!(ended.operations(), expected);
}

fn a_thread_with_a_directory_of_its_own_is_told_in_it() {
    let ended = Watch::act(&["separate"]).run().succeeded();
    let told = ended.operations();
    for expected in pairs(&[("write", "own/inside"), ("write", "outside")]) {
        assert_contains(&told, &expected);
    }
}

fn a_program_with_another_root_is_told_as_that_sees_it() {
    let ended = Watch::act(&["chroot"]).run().succeeded();
    if ended.stdout() == "none\n" {
        println!("  (chroot cannot be tried here: it takes a right that we have not)");
        return;
    }
    let root = ended.directory.join("jail");
    let told: Vec<_> = ended
        .lines
        .iter()
        .filter(|line| line.observation.root.as_deref() == root.to_str())
        .filter_map(|line| match line.event() {
            MonitorEvent::FileOp { path, operation } => Some((operation.to_string(), path.clone()?)),
            _ => None,
        })
        .collect();
    assert_eq!(told, pairs(&[("write", "/in/relative"), ("write", "/in/absolute")]));
}

fn every_thread_is_seen() {
    let ended = Watch::act(&["threads"]).run().succeeded();
    let mut operations = ended.operations();
    operations.sort();
    let expected: Vec<_> = (0..8)
        .map(|number| ("write".to_owned(), format!("t{number}")))
        .collect();
    assert_eq!(operations, expected);
    let pids: std::collections::HashSet<_> = ended.lines.iter().filter_map(|line| line.pid()).collect();
    assert_eq!(pids.len(), 1, "threads are told as their process");
}

fn a_static_program_is_seen() {
    let directory = tempfile::tempdir().unwrap();
    let source = r#"fn main() { std::fs::write("by-static", "").unwrap(); let _ = std::fs::read_dir("."); }"#;
    let program = build_static(directory.path(), "static-program", source, &[]);
    let ended = Watch::new([program]).run().succeeded();
    assert_eq!(ended.operations(), pairs(&[("write", "by-static"), ("opendir", "")]));
}

fn scripts_are_seen() {
    let script = "echo a > out; test -e out && cat < out";
    let ended = Watch::new(["sh", "-c", script]).run().succeeded();
    assert_eq!(ended.stdout(), "a\n");
    assert_contains(&ended.operations(), &("write".to_owned(), "out".to_owned()));
    assert_contains(&ended.operations(), &("open".to_owned(), "out".to_owned()));

    if let Some(python) = find("python3") {
        let script = "import os; open('by-python', 'w').close(); os.listdir('.')";
        let ended = Watch::new([python.to_str().unwrap(), "-c", script]).run().succeeded();
        assert_contains(&ended.operations(), &("write".to_owned(), "by-python".to_owned()));
        assert_contains(&ended.operations(), &("opendir".to_owned(), String::new()));
    }
    if let Some(node) = find("node") {
        let script = "require('fs').writeFileSync('by-node', ''); require('fs').statSync('by-node')";
        let ended = Watch::new([node.to_str().unwrap(), "-e", script]).run().succeeded();
        assert_contains(&ended.operations(), &("write".to_owned(), "by-node".to_owned()));
        assert_contains(&ended.operations(), &("stat".to_owned(), "by-node".to_owned()));
    }
}
