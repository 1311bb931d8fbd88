//! File operations: which, on what path.

use mirrord_wire::MonitorEvent;

use super::support::{Watch, assert_contains, build_static, find, tests};

tests![
    each_operation_is_told_with_its_absolute_path,
    relative_paths_follow_the_directory_and_descriptors,
    calls_that_fail_by_themselves_say_nothing,
    a_removed_directory_keeps_its_name,
    a_call_with_a_root_of_its_own_is_told_below_it,
    a_thread_with_a_directory_of_its_own_is_told_in_it,
    a_program_with_another_root_is_told_as_that_sees_it,
    every_thread_is_seen,
    a_static_program_is_seen,
    scripts_are_seen,
];

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(operation, path)| ((*operation).to_owned(), (*path).to_owned()))
        .collect()
}

/// Expects these of `actor`'s role, and nothing else, in this order.
fn told(role: &str, expected: &[(&str, &str)]) {
    let ended = Watch::act(&[role]).run().succeeded();
    assert_eq!(ended.operations(), pairs(expected));
}

fn contains(operations: &[(String, String)], expected: &[(&str, &str)]) {
    for expected in pairs(expected) {
        assert_contains(operations, &expected);
    }
}

fn each_operation_is_told_with_its_absolute_path() {
    told(
        "files",
        &[
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
        ],
    );
}

fn relative_paths_follow_the_directory_and_descriptors() {
    told(
        "directories",
        &[
            ("mkdir", "a"),
            ("mkdir", "a/b"),
            ("write", "a/one"),
            ("write", "a/b/../two"),
            ("open", "a/b/.."),
            ("mkdir", "a/made"),
            ("rmdir", "a/made"),
            ("write", "a/three"),
        ],
    );
}

fn calls_that_fail_by_themselves_say_nothing() {
    told("broken", &[("mkdir", r"n\xff")]);
}

fn a_removed_directory_keeps_its_name() {
    let ended = Watch::act(&["deleted"]).run().succeeded();
    let expected = [("open", "gone/file"), ("open", "named so (deleted)/file")];
    contains(&ended.operations(), &expected);
}

fn a_call_with_a_root_of_its_own_is_told_below_it() {
    told(
        "openat2",
        &[
            ("mkdir", "tree"),
            ("opendir", "tree"),
            ("open", "tree/etc/x"),
            ("open", "tree/y"),
        ],
    );
}

fn a_thread_with_a_directory_of_its_own_is_told_in_it() {
    let ended = Watch::act(&["separate"]).run().succeeded();
    contains(&ended.operations(), &[("write", "own/inside"), ("write", "outside")]);
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
    contains(&ended.operations(), &[("write", "out"), ("open", "out")]);

    if let Some(python) = find("python3") {
        let script = "import os; open('by-python', 'w').close(); os.listdir('.')";
        let ended = Watch::new([python.to_str().unwrap(), "-c", script]).run().succeeded();
        contains(&ended.operations(), &[("write", "by-python"), ("opendir", "")]);
    }
    if let Some(node) = find("node") {
        let script = "require('fs').writeFileSync('by-node', ''); require('fs').statSync('by-node')";
        let ended = Watch::new([node.to_str().unwrap(), "-e", script]).run().succeeded();
        contains(&ended.operations(), &[("write", "by-node"), ("stat", "by-node")]);
    }
}
