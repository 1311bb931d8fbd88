//! Texts with what they parse into, and with the errors that they are.

use mirrord_filter::{ErrorKind, Expr, Field, Term, TextTest, limits, parse};

/// The filter as it is written back: the short form of what it was understood as.
fn written(text: &str) -> String {
    parse(text).unwrap().to_string()
}

fn error(text: &str) -> (&str, String) {
    let error = parse(text).unwrap_err();
    (&text[error.span()], error.hint())
}

#[test]
fn words_phrases_fields_and_signs() {
    for (text, expected) in [
        ("", ""),
        ("  a   b ", "a b"),
        ("\"a b\" c", "\"a b\" c"),
        ("\"a\"", "a"),
        ("-a -type:file", "-a -type:file"),
        ("NOT a AND b", "-a b"),
        ("a OR b c", "a OR (b c)"),
        ("a (b OR c)", "a (b OR c)"),
        ("(a) ((b))", "a b"),
        ("-(a b)", "-(a b)"),
        ("-(-a)", "-(-a)"),
        ("TYPE:FileOp,DNS", "type:file,dns"),
        ("operation:Open", "op:open"),
        ("kind:file addr:10.0.0.1", "type:file address:10.0.0.1"),
        ("port:80,1024..2048", "port:80,1024..2048"),
        ("pid:..500", "pid:..500"),
        ("size:>1000KB", "size:>1MB"),
        ("after:16:05 before:16:07", "time:16:05.. time:<16:07"),
        ("routing:not-found", "routing:not_found"),
        ("path:\"a b\" path:=/x", "path:\"a b\" path:=\"/x\""),
        ("path:*", "path:*"),
        ("(/(a|b)/ OR path:/\\)$/i)", "/(a|b)/ OR path:/\\)$/i"),
        ("foo(bar) (baz(x))", "foo(bar) baz(x)"),
        (r#""say \"hi\"""#, r#""say \"hi\"""#),
    ] {
        assert_eq!(written(text), expected, "{text}");
    }
}

#[test]
fn a_word_with_a_colon_that_is_no_field_s_stays_a_word() {
    for text in [
        "http://x/y",
        "https://h:8080/a?b=c",
        "C:\\x",
        "c:/x",
        "::1",
        "fe80::1",
        "cafe::1",
        "std::fs",
        "localhost:8080",
        "db:5432",
        "10.0.0.1:80",
        "[::1]:80",
        "node:/x",
        "--inspect",
        "->",
        "-",
        "*/x",
        "a\"b",
        "a=b",
        "1:2",
        "16:05",
        "/etc/app.d/x:y",
    ] {
        let filter = parse(text).unwrap();
        let is_word = matches!(filter.root(), Some(Expr::Term(Term::Anywhere(TextTest::Contains(own)))) if own.typed() == text)
            || matches!(filter.root(), Some(Expr::Term(Term::Anywhere(TextTest::Like(own)))) if own.typed() == text);
        assert!(is_word, "{text}: {filter:?}");
    }
}

#[test]
fn an_error_has_its_place_and_the_way_out() {
    for (text, place, hint) in [
        ("a prot:80", "prot:", "did you mean `port:`?"),
        ("(pth:x)", "pth:", "did you mean `path:`?"),
        ("outcome:faild", "faild", "did you mean `failed`?"),
        ("type:file,dsn", "dsn", "did you mean `dns`?"),
        (
            "port:http",
            "http",
            "as in `port:5432`, `port:80,443`, `port:1024..2048` or `port:>1023`",
        ),
        ("size:1XB", "1XB", "as in `size:>1MB` or `size:512..4KiB`"),
        ("a)", ")", "put quotes around a `)` that is meant as text"),
    ] {
        assert_eq!(error(text), (place, hint.to_owned()), "{text}");
    }
    assert!(error("nginx:latest").1.contains("quotes") && error("nginx:latest").1.contains("outcome"));
    assert!(error("outcome:x").1.contains("not_found"));
    assert!(error("time:yesterday").1.contains("16:05"));
    assert_eq!(error("x /(/ y").0, "/(/");
    assert_eq!(error("path:/a{1000}{1000}/").0, "/a{1000}{1000}/");
}

#[test]
fn what_is_not_finished_says_so() {
    for (text, place) in [
        ("type:", "type:"),
        ("a path:=", "path:"),
        ("\"open", "\"open"),
        ("path:\"op", "\"op"),
        ("\"\"", "\"\""),
        ("(a", "("),
        ("a (", "("),
        ("a OR", "OR"),
        ("OR a", "OR"),
        ("NOT", "NOT"),
        ("a AND ", "AND"),
    ] {
        let error = parse(text).unwrap_err();
        assert!(error.is_unfinished(), "{text}: {error}");
        assert_eq!(&text[error.span()], place, "{text}");
    }
    assert!(!parse("prot:80").unwrap_err().is_unfinished());
    assert_eq!(*parse("type:").unwrap_err().kind(), ErrorKind::NoValue(Field::Type));
}

#[test]
fn every_bound_is_an_error_that_names_it() {
    let many = |text: &str, times: usize| parse(&text.repeat(times)).map_err(|error| error.code());
    assert_eq!(many("é", limits::MAX_BYTES), Err("too_long"));
    assert_eq!(many("(a ", limits::MAX_DEPTH + 1), Err("too_deep"));
    assert_eq!(many("-(", limits::MAX_DEPTH), Err("too_deep"));
    assert_eq!(many("a ", limits::MAX_TERMS + 1), Err("too_many_terms"));
    assert_eq!(many("/a|b/ ", limits::MAX_PATTERNS + 1), Err("too_many_patterns"));
    assert!(many("a ", limits::MAX_TERMS).is_ok() && many("/a|b/ ", limits::MAX_PATTERNS).is_ok());
    let list = ["port:", &"1,".repeat(limits::MAX_TERMS + 1)].concat();
    assert_eq!(parse(&list).unwrap_err().code(), "too_many_terms");
}
