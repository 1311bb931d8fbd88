//! Credentials in running text: by the name before them, by a URL's form, by their own.
//!
//! Where it is in doubt it hides: a flag that is hidden too much costs a look at the desktop, one too little a password.

/// What stands for what is not shown.
pub(crate) const HIDDEN: &str = "***";

/// Parts of names that a secret has. Compared without case, `-`, `_` and `.`.
const SECRET_NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "secretkey",
    "signingkey",
    "encryptionkey",
    "credential",
    "authorization",
    "authtoken",
    "bearer",
    "cookie",
    "session_key",
    "connectionstring",
    "dsn",
    "signature",
    "webhook",
    "jwt",
    "sastoken",
    "clientsecret",
    "licensekey",
    "databaseurl",
];
/// Whole names that a secret has.
const SECRET_WORDS: &[&str] = &[
    "pass",
    "auth",
    "key",
    "pw",
    "sig",
    "otp",
    "pin",
    "pat",
    "userpass",
    "requirepass",
];
/// What a credential of a known kind begins with.
const SECRET_BEGINNINGS: &[&str] = &[
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "sk-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "eyJ",
    "dckr_pat_",
    "npm_",
    "pypi-",
    "hvs.",
    "shpat_",
    "SG.",
    "dop_v1_",
    "age-secret-key-",
    "AGE-SECRET-KEY-",
];
/// The least that follows such a beginning.
const MIN_SECRET_CHARACTERS: usize = 12;
/// Programs whose attached short option is a password, and which option.
const ATTACHED: &[(&str, &[&str])] = &[
    ("mysql", &["-p"]),
    ("mysqldump", &["-p"]),
    ("mysqladmin", &["-p"]),
    ("mariadb", &["-p"]),
    ("mariadb-dump", &["-p"]),
    ("mongo", &["-p"]),
    ("mongosh", &["-p"]),
    ("sshpass", &["-p"]),
    ("redis-cli", &["-a"]),
    ("7z", &["-p"]),
    ("docker", &["-p"]),
    ("ldapsearch", &["-w"]),
    ("htpasswd", &["-b"]),
    ("smbclient", &["-U"]),
];
/// Options whose value is a header, a variable, or a user with a password.
const WHOLE: &[&str] = &[
    "-u",
    "--user",
    "--proxy-user",
    "-e",
    "--env",
    "-H",
    "--header",
    "--proxy-header",
    "-b",
    "--cookie",
];

fn folded(name: &str) -> String {
    let letters = name.chars().filter(|letter| !matches!(letter, '-' | '_' | '.' | ' '));
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether something of this name is a secret.
pub(super) fn names_a_secret(name: &str) -> bool {
    let folded = folded(name);
    SECRET_WORDS.contains(&folded.as_str())
        || SECRET_NAMES.iter().any(|part| folded.contains(part))
        || name.to_ascii_lowercase().ends_with("_key")
        || name.to_ascii_lowercase().ends_with("-key")
}

/// Whether something of this name is an environment, or a part of a config that sets one.
pub(super) fn is_environment(name: &str) -> bool {
    matches!(
        folded(name).as_str(),
        "vars" | "environ" | "environment" | "envvars" | "override" | "overrides" | "setenv"
    ) || name == "env"
}

/// Whether it is the name of an environment variable.
pub(super) fn is_variable(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && name
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Whether a text is worth reading closely: a quick look that errs on the side of yes.
pub(super) fn may_hold_a_secret(text: &str) -> bool {
    text.contains(['=', '@']) || SECRET_BEGINNINGS.iter().any(|beginning| text.contains(beginning))
}

/// A text without the credentials in it.
pub(crate) fn text(text: &str) -> String {
    if !may_hold_a_secret(text) && !text.contains(':') && !text.contains("--") {
        return text.to_owned();
    }
    let hidden = assignments(&userinfo(text));
    tokens(&after_words(&hidden))
}

/// A header, or a filter by headers: what follows a name that a secret has.
pub(super) fn header(text: &str) -> String {
    if let Some((name, _)) = text.split_once([':', '='])
        && name.split_whitespace().any(names_a_secret)
    {
        let separator = text.get(name.len()..=name.len()).unwrap_or(":");
        let space = if separator == ":" { " " } else { "" };
        return format!("{name}{separator}{space}{HIDDEN}");
    }
    self::text(text)
}

/// The user and the password of every URL: `scheme://user:password@host`.
fn userinfo(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        // A password may have anything in it, an unescaped `@` or `/` too: the last `@` before a space counts.
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        let (url, _) = after.split_at(end);
        let next = url.find("://").map_or(url.len(), |next| next);
        let place = url.get(..next).and_then(|own| own.rfind('@'));
        match place {
            Some(at) => {
                shown.push_str(HIDDEN);
                rest = after.get(at..).unwrap_or_default();
            }
            None => rest = after,
        }
    }
    shown + rest
}

/// `name=value` where the name is a secret's or a variable's, in a query, a text or a shell's line.
fn assignments(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(place) = rest.find('=') {
        let (before, after) = rest.split_at(place);
        let after = after.get(1..).unwrap_or_default();
        let start = before
            .rfind(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '_' | '-' | '.'))
            .map_or(0, |place| {
                place
                    + before
                        .get(place..)
                        .and_then(|rest| rest.chars().next())
                        .map_or(1, char::len_utf8)
            });
        let name = before.get(start..).unwrap_or_default().trim_start_matches('-');
        let shell = is_variable(name) && name.chars().all(|letter| !letter.is_ascii_lowercase());
        shown.push_str(before);
        shown.push('=');
        rest = after;
        if names_a_secret(name) || shell {
            let end = value_end(after);
            if end > 0 {
                shown.push_str(HIDDEN);
            }
            rest = after.get(end..).unwrap_or_default();
        }
    }
    shown + rest
}

/// Where a value ends: at its closing quote, or at what parts queries and words.
fn value_end(text: &str) -> usize {
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = text.get(1..).unwrap_or_default();
            inside.find(quote).map_or(text.len(), |end| end + 2)
        }
        _ => text
            .find(|letter: char| letter.is_whitespace() || matches!(letter, '&' | ';' | '#'))
            .unwrap_or(text.len()),
    }
}

/// What follows `--password`, `Authorization:` or `Bearer` in a line of words.
fn after_words(text: &str) -> String {
    let mut shown = String::new();
    let (mut hide, mut to_the_end) = (false, false);
    for piece in text.split_inclusive(char::is_whitespace) {
        let word = piece.trim_end();
        let space = piece.get(word.len()..).unwrap_or_default();
        let bare = word.trim_matches(['"', '\'', ',']);
        let was_scheme = matches!(
            bare.to_ascii_lowercase().as_str(),
            "bearer" | "basic" | "token" | "digest" | "apikey"
        );
        if to_the_end && !word.is_empty() || hide && !word.is_empty() && !was_scheme {
            shown.push_str(HIDDEN);
            hide = false;
        } else {
            shown.push_str(word);
            let option = bare.starts_with('-') && !bare.contains('=') && names_a_secret(bare.trim_start_matches('-'));
            let named = bare.strip_suffix(':').is_some_and(names_a_secret);
            hide = option || named || matches!(bare, "Bearer" | "bearer") || (hide && was_scheme);
            to_the_end |=
                named && (bare.to_ascii_lowercase().contains("cookie") || bare.to_ascii_lowercase().contains("auth"));
            if let Some((name, value)) = bare.split_once(':')
                && !value.is_empty()
                && !value.starts_with("//")
                && names_a_secret(name)
            {
                shown.truncate(shown.len() - word.len());
                shown.push_str(&format!("{name}:{HIDDEN}"));
            }
        }
        shown.push_str(space);
    }
    shown
}

/// Credentials that are told by their own form.
fn tokens(text: &str) -> String {
    if text.contains("-----BEGIN") {
        return HIDDEN.to_owned();
    }
    let mut shown = text.to_owned();
    for beginning in SECRET_BEGINNINGS {
        let mut from = 0;
        while let Some(place) = shown
            .get(from..)
            .and_then(|rest| rest.find(beginning))
            .map(|place| place + from)
        {
            let is_part =
                |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.' | '+' | '/');
            let starts_a_word = shown.get(..place).and_then(|before| before.chars().next_back());
            let after = place + beginning.len();
            let rest = shown.get(after..).unwrap_or_default();
            let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
            if length >= MIN_SECRET_CHARACTERS && !starts_a_word.is_some_and(|letter| letter.is_ascii_alphanumeric()) {
                shown.replace_range(place..after + length, HIDDEN);
                from = place + HIDDEN.len();
            } else {
                from = after;
            }
        }
    }
    shown
}

/// A command line, word by word as the program got it.
pub(crate) fn command_line(words: &mut [String]) {
    let program = words
        .first()
        .map(|first| first.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
    let attached = ATTACHED
        .iter()
        .find(|(name, _)| program.as_deref() == Some(*name))
        .map_or(&[][..], |(_, options)| options);
    let mut hide = false;
    for word in words.iter_mut() {
        if std::mem::take(&mut hide) && !word.is_empty() {
            HIDDEN.clone_into(word);
            continue;
        }
        let name = word.trim_start_matches('-');
        let is_option = word.starts_with('-');
        hide = is_option && !word.contains(['=', ' ']) && (names_a_secret(name) || WHOLE.contains(&word.as_str()));
        let option = attached.iter().find(|option| word.starts_with(**option));
        match (option, word.split_once('=')) {
            (Some(option), _) if word.len() > option.len() => *word = format!("{option}{HIDDEN}"),
            (Some(_), _) => hide = true,
            // One word of the program's, whatever is in it: the value goes on to its end.
            (None, Some((own, value)))
                if !own.contains(char::is_whitespace) && hides_whole(own) && !value.is_empty() =>
            {
                *word = format!("{}={HIDDEN}", text(own));
            }
            _ => *word = header(word),
        }
    }
}

fn hides_whole(name: &str) -> bool {
    let bare = name.trim_start_matches('-');
    let variable = bare == name && is_variable(bare) && bare.chars().all(|letter| !letter.is_ascii_lowercase());
    variable || names_a_secret(bare) || WHOLE.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &[&str]) -> String {
        let mut words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
        command_line(&mut words);
        words.join(" ")
    }

    #[test]
    fn no_form_of_a_credential_in_a_command_line_is_shown() {
        for words in [
            &["psql", "--password=hunter2"][..],
            &["psql", "--password", "hunter2"],
            &["psql", "--password", "-hunter2"],
            &["x", "--db-password=hunter2 and more hunter2"],
            &["x", "-password", "hunter2"],
            &["x", "--api-key", "hunter2"],
            &["x", "--apiKey=hunter2"],
            &["x", "--tls-private-key", "hunter2"],
            &["env", "PGPASSWORD=hunter2", "psql"],
            &["env", "ANY_NAME=hunter2", "psql"],
            &["PGPASSWORD=hunter2"],
            &["sh", "-c", "PGPASSWORD=hunter2 psql -h db"],
            &["sh", "-c", "cd /x && export API_TOKEN='hunter2 hunter2' && run"],
            &["sh", "-c", "run --password hunter2 --verbose"],
            &["sh", "-c", "run --password=hunter2"],
            &["sh", "-c", "curl -H 'Authorization: Bearer hunter2' http://h"],
            &["curl", "-H", "Authorization: Bearer hunter2", "http://h"],
            &["curl", "-HAuthorization: hunter2"],
            &["curl", "--header=Authorization: Bearer hunter2"],
            &["curl", "-H", "Cookie: a=hunter2; b=hunter2"],
            &["curl", "-u", "dev:hunter2", "http://h"],
            &["curl", "--user=dev:hunter2"],
            &["curl", "https://dev:hunter2@h/x"],
            &["curl", "https://dev:p@hunter2@h/x"],
            &["curl", "https://hunter2@h/x?token=hunter2&x=1#token=hunter2"],
            &["docker", "run", "-e", "X=hunter2", "image"],
            &["docker", "login", "-p", "hunter2"],
            &["/usr/bin/mysql", "-uroot", "-phunter2"],
            &["mysql", "-p", "hunter2"],
            &["redis-cli", "-a", "hunter2"],
            &["sshpass", "-phunter2", "ssh", "h"],
            &["node", "app.js", "connectionString=hunter2"],
            &["java", "-Dspring.datasource.password=hunter2", "-jar", "x.jar"],
            &["x", "client_secret:hunter2"],
            &["git", "clone", "https://oauth2:hunter2@host/x.git"],
        ] {
            let shown = shown(words);
            assert!(!shown.contains("hunter2"), "{words:?} -> {shown}");
            assert!(shown.contains(HIDDEN), "{words:?} -> {shown}");
        }
    }

    #[test]
    fn credentials_are_told_by_their_form() {
        for secret in [
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "AKIAIOSFODNN7EXAMPLE",
            "glpat-abcdefghijklmnopqrst",
            "sk-proj-abcdefghijklmnop",
            "-----BEGIN PRIVATE KEY-----MIIE",
        ] {
            for around in [
                secret.to_owned(),
                format!("x {secret} y"),
                format!("/path/{secret}/z"),
                format!("\"{secret}\""),
            ] {
                let hidden = text(&around);
                assert!(
                    !hidden.contains(secret) && hidden.contains(HIDDEN),
                    "{around} -> {hidden}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for words in [
            &["node", "--inspect=9229", "server.js"][..],
            &["python", "-m", "http.server", "8080", "--bind", "0.0.0.0"],
            &["java", "-Xmx512m", "-jar", "app.jar", "--server.port=8080"],
            &["mysql", "-uroot", "-h", "db"],
            &["curl", "http://h:8080/x?page=1&size=2"],
            &["ssh", "dev@host"],
            &["sh", "-c", "cat /etc/hosts | wc -l"],
            &["psql", "-h", "db", "-p", "5432"],
            &["risk-ghp_short"],
        ] {
            assert_eq!(shown(words), words.join(" "));
        }
        for plain in [
            "/home/dev/.ssh/known_hosts",
            "12:34:56",
            "a: b",
            "http://h/x",
            "keyboard=us",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn odd_texts_break_nothing() {
        for odd in [
            "",
            "=",
            "==",
            "://",
            "://@",
            "é=é",
            "ä://ö@ü",
            "TOKEN=",
            "token=\"",
            "token='é",
            "\u{202e}=x",
            "a=b=c=d",
            ":",
            "Bearer",
        ] {
            text(odd);
            header(odd);
            shown(&[odd, odd]);
        }
        assert_eq!(text("token=é&x=1"), "token=***&x=1");
    }
}
