//! Reason for a file that is there and cannot be executed because "no such file" exists: its interpreter is missing.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Bytes of a file's first line that the kernel reads (`BINPRM_BUF_SIZE`, `execve(2)`).
const LINE_BYTES: u64 = 256;

/// Explains what is missing, with the way out where it is known.
pub(super) fn missing(file: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, explain(&first_line(file), file))
}

fn first_line(file: &Path) -> Vec<u8> {
    let mut start = Vec::new();
    if let Ok(file) = File::open(file) {
        // A file that cannot be read is explained by its name alone.
        let _ = file.take(LINE_BYTES).read_to_end(&mut start);
    }
    start.split(|byte| *byte == b'\n').next().unwrap_or_default().to_vec()
}

fn explain(line: &[u8], file: &Path) -> String {
    let Some(interpreter) = line.strip_prefix(b"#!") else {
        return "the loader that it was built for is not there (another architecture or C library)".to_owned();
    };
    let text = String::from_utf8_lossy(interpreter);
    let text = text.trim_start_matches([' ', '\t']);
    let name = text.split([' ', '\t']).next().unwrap_or_default();
    let mut reason = format!("its interpreter {} is not there", name.escape_debug());
    if line.ends_with(b"\r") {
        let file = file.display();
        reason.push_str(&format!(
            ": the file has the line ends of Windows (`sed -i 's/\\r$//' {file}` changes them)"
        ));
    }
    reason
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carriage_return_is_shown_and_the_way_out_named() {
        let explained = explain(b"#! /bin/sh\r", Path::new("./x"));
        assert!(
            explained.starts_with("its interpreter /bin/sh\\r is not there: "),
            "{explained}"
        );
        assert!(
            explained.contains("Windows") && explained.contains("./x"),
            "{explained}"
        );
    }

    #[test]
    fn an_interpreter_is_named_without_its_argument() {
        assert_eq!(
            explain(b"#!/opt/py -u", Path::new("x")),
            "its interpreter /opt/py is not there"
        );
        assert!(explain(b"\x7fELF\x02", Path::new("x")).contains("loader"));
    }
}
