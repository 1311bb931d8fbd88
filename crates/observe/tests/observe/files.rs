//! File operations: which, on what path.

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
        "files::a_deleted_directory_is_called_so",
        a_deleted_directory_is_called_so,
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
    assert_eq!(ended.operations(), pairs(&[("mkdir", "n\u{fffd}")]));
}

fn a_deleted_directory_is_called_so() {
    let ended = Watch::act(&["deleted"]).run().succeeded();
    assert_contains(
        &ended.operations(),
        &("open".to_owned(), "gone (deleted)/file".to_owned()),
    );
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
