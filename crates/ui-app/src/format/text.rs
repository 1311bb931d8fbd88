//! Foreign text made safe to look at: what would be invisible or would turn the line around is written out, and what is
//! too long is shortened in the middle. The cost depends on the length that is shown, never on the text's own.

/// Shortens and makes visible: at most `most` characters of the text, the end of it included, plus what is written for
/// characters that cannot be shown as they are.
#[must_use]
pub fn shown(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most * 4) + 4);
    match split_middle(text, most) {
        None => push_visible(&mut out, text),
        Some((head, tail)) => {
            push_visible(&mut out, head);
            out.push('…');
            push_visible(&mut out, tail);
        }
    }
    out
}

/// The two ends to keep of a text that has more than `most` characters: two thirds from the start, a third from the
/// end.
fn split_middle(text: &str, most: usize) -> Option<(&str, &str)> {
    // More bytes than characters are never needed: a short text is told without counting.
    if text.len() <= most {
        return None;
    }
    text.char_indices().nth(most)?;
    let tail_chars = most / 3;
    let head_end = text
        .char_indices()
        .nth(most - tail_chars)
        .map_or(text.len(), |(at, _)| at);
    let tail_start = text
        .char_indices()
        .rev()
        .nth(tail_chars.saturating_sub(1))
        .filter(|_| tail_chars > 0)
        .map_or(text.len(), |(at, _)| at);
    Some((&text[..head_end], &text[tail_start..]))
}

/// Reports a character that is escaped.
fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

fn push_visible(out: &mut String, text: &str) {
    for character in text.chars() {
        if !is_hidden(character) {
            out.push(character);
        } else if let Some(picture) = control_picture(character) {
            out.push(picture);
        } else {
            push_code(out, character);
        }
    }
}

/// The picture that Unicode has for the old control characters; a line feed, which commands have, is `↵`: fonts lack `␊`.
fn control_picture(character: char) -> Option<char> {
    match character {
        '\n' => Some('↵'),
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + character as u32),
        '\u{7f}' => Some('\u{2421}'),
        _ => None,
    }
}

fn push_code(out: &mut String, character: char) {
    out.push_str("⟨U+");
    let code = character as u32;
    let digits = if code > 0xffff { 5 } else { 4 };
    for place in (0..digits).rev() {
        let digit = (code >> (place * 4)) & 0xf;
        out.push(char::from_digit(digit, 16).unwrap_or('0').to_ascii_uppercase());
    }
    out.push('⟩');
}

/// A command line on one line, as it would be typed: arguments with anything but plain characters are quoted.
#[must_use]
pub fn command(arguments: &[String]) -> String {
    let mut out = String::new();
    for argument in arguments {
        if !out.is_empty() {
            out.push(' ');
        }
        let plain = |character: char| character.is_alphanumeric() || "_-./:=@%+,".contains(character);
        if !argument.is_empty() && argument.chars().all(plain) {
            out.push_str(argument);
        } else {
            out.push('\'');
            out.push_str(&argument.replace('\'', "'\\''"));
            out.push('\'');
        }
    }
    out
}

/// Brief command for a title: the program's name, and of a script that follows it only the script's name, as in `node
/// server.js`. Every other argument stays whole: a part of it would be another argument.
#[must_use]
pub fn brief_command(arguments: &[String]) -> String {
    let is_script = |path: &str| {
        last_part(path)
            .rsplit_once('.')
            .is_some_and(|(name, _)| !name.is_empty())
    };
    let brief = arguments.iter().enumerate().map(|(place, argument)| match place {
        0 => last_part(argument),
        1 if is_script(argument) => last_part(argument),
        _ => argument,
    });
    command(&brief.map(str::to_owned).collect::<Vec<_>>())
}

/// Brief form of a command line as [`command`] writes it: of its first two words, as far as they have no quotes.
#[must_use]
pub fn brief_line(line: &str) -> String {
    let plain = line
        .split(' ')
        .take(2)
        .take_while(|word| !word.is_empty() && !word.contains('\''));
    let first: Vec<String> = plain.map(str::to_owned).collect();
    let rest = line.get(first.join(" ").len()..).unwrap_or_default();
    [&brief_command(&first), rest].concat()
}

/// The last part of an absolute path; any other text as it is.
fn last_part(argument: &str) -> &str {
    match argument.rsplit_once('/') {
        Some((_, last)) if argument.starts_with('/') && !last.is_empty() => last,
        _ => argument,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_command_line_is_brief_by_its_first_two_words() {
        for (line, expected) in [
            (
                "/usr/bin/python3 /srv/shop.py --thumbnail /a/b.c",
                "python3 shop.py --thumbnail /a/b.c",
            ),
            ("/usr/bin/sh -c 'cat /etc/a.b'", "sh -c 'cat /etc/a.b'"),
            ("'/a b/c' /x/y.py", "'/a b/c' /x/y.py"),
            ("/bin/true", "true"),
            ("", ""),
        ] {
            assert_eq!(brief_line(line), expected);
        }
    }

    #[test]
    fn a_command_in_brief_keeps_what_tells_it_from_another() {
        let brief = |words: &[&str]| brief_command(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(brief(&["/usr/bin/node", "/home/dev/app/server.js"]), "node server.js");
        assert_eq!(
            brief(&["/bin/ls", "/", "/etc/", "a/b", "--dir=/x"]),
            "ls / /etc/ a/b --dir=/x"
        );
        assert_eq!(
            brief(&["/usr/bin/python3", "-m", "http.server", "-d", "/usr/share/doc"]),
            "python3 -m http.server -d /usr/share/doc"
        );
        assert_eq!(
            brief(&["cat", "/etc/hosts", "/etc/resolv.conf"]),
            "cat /etc/hosts /etc/resolv.conf"
        );
        assert_eq!(brief(&["ls", "/home/me/.config"]), "ls /home/me/.config");
    }

    #[test]
    fn what_would_hide_or_turn_the_line_is_written_out() {
        assert_eq!(shown("a\nb\u{0}c\u{7f}", 80), "a↵b␀c␡");
        assert_eq!(shown("invoice\u{202e}gpj.exe", 80), "invoice⟨U+202E⟩gpj.exe");
        assert_eq!(shown("\u{e0041}", 80), "⟨U+E0041⟩");
        assert_eq!(shown("<script>alert(1)</script>", 80), "<script>alert(1)</script>");
    }

    #[test]
    fn long_text_keeps_its_start_and_its_end() {
        assert_eq!(shown("abcdefghijkl", 6), "abcd…kl");
        assert_eq!(shown("abcdef", 6), "abcdef");
        assert_eq!(shown("ééééééé", 6), "éééé…éé");
        assert_eq!(shown(&"x".repeat(1_000_000), 300).chars().count(), 301);
    }

    #[test]
    fn commands_can_be_read_back_by_a_shell() {
        let arguments = ["sh", "-c", "echo it's", ""].map(str::to_owned);
        assert_eq!(command(&arguments), r"sh -c 'echo it'\''s' ''");
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_and_the_length_is_bounded(text in any::<String>(), most in 0_usize..40) {
            let shown = shown(&text, most);
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert!(shown.chars().count() <= most * 9 + 1);
            if !text.chars().any(is_hidden) && text.chars().count() <= most {
                prop_assert_eq!(shown, text);
            }
        }
    }
}
