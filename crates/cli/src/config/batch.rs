//! `mirrord config explain --batch`: a line of standard input, a line of standard output.

use std::io::{BufRead, Read as _, Write, stdin, stdout};
use std::process::ExitCode;

use anyhow::Result;
use mirrord_config::Batch;

/// Longest line; a longer one is answered by an error, and skipped.
const MAX_LINE_BYTES: u64 = 4 * 1024 * 1024;

pub(super) fn run() -> Result<ExitCode> {
    let bad_lines = answer_all(stdin().lock(), stdout().lock())?;
    Ok(match bad_lines {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Answers line after line; returns the number of bad ones.
fn answer_all(mut input: impl BufRead, mut output: impl Write) -> Result<usize> {
    let mut batch = Batch::default();
    let mut line = Vec::new();
    let mut bad_lines = 0;
    loop {
        line.clear();
        if input.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)? == 0 {
            return Ok(bad_lines);
        }
        let answer = if line.len() as u64 >= MAX_LINE_BYTES && !line.ends_with(b"\n") {
            skip_line(&mut input)?;
            Err("the line is longer than 4 MB".to_owned())
        } else if line.trim_ascii().is_empty() {
            continue;
        } else {
            match std::str::from_utf8(&line) {
                Ok(line) => batch.answer(line),
                Err(error) => Err(format!("not UTF-8: {error}")),
            }
        };
        match answer {
            Ok(answer) => writeln!(output, "{answer}")?,
            Err(error) => {
                bad_lines += 1;
                writeln!(output, "{}", serde_json::json!({ "error": error }))?;
            }
        }
        output.flush()?;
    }
}

fn skip_line(input: &mut impl BufRead) -> Result<()> {
    loop {
        let buffered = input.fill_buf()?;
        let length = buffered.len();
        let end = buffered.iter().position(|byte| *byte == b'\n');
        input.consume(end.map_or(length, |end| end + 1));
        if length == 0 || end.is_some() {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_line_is_an_error_line_and_the_rest_is_answered() {
        let good = r#"{"config":{"target":"pod/a"},"op":{"kind":"file_read","path":"/a"}}"#;
        let long = "x".repeat(5 * 1024 * 1024);
        let input = [
            good.as_bytes(),
            b"nonsense",
            b"",
            long.as_bytes(),
            b"\xff",
            good.as_bytes(),
        ]
        .join(&b'\n');
        let mut output = Vec::new();
        let bad_lines = answer_all(input.as_slice(), &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        let kinds: Vec<bool> = output.lines().map(|line| line.starts_with(r#"{"error""#)).collect();
        assert_eq!(
            (bad_lines, kinds),
            (3, vec![false, true, true, true, false]),
            "{output}"
        );
    }
}
