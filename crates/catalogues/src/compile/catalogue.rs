//! One catalogue: parsing its file, its texts in the order of English, and the keys of English as Rust source.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

use fluent_syntax::parser;

use super::message::{self, Message};
use crate::Language;

/// A catalogue that cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file could not be read.
    #[error("cannot read {path}: {error}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// Messages that are no Fluent syntax, or more of it than is compiled.
    #[error("{path}:\n{}", problems.join("\n"))]
    Syntax {
        /// The file.
        path: PathBuf,
        /// One line for each, with the message or the line's number.
        problems: Vec<String>,
    },
}

/// One language's messages, in the order of the file.
#[derive(Debug)]
pub struct Catalogue {
    pub(super) language: Language,
    pub(super) messages: Vec<Message>,
}

/// Folder of the catalogues.
#[must_use]
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("locales")
}

impl Catalogue {
    /// Reads `locales/<tag>/<name>.ftl`.
    ///
    /// # Errors
    /// If the file cannot be read, or holds what is not compiled.
    pub fn read(language: Language, name: &str) -> Result<Self, Error> {
        let path = folder().join(language.tag()).join(name).with_extension("ftl");
        let source = fs::read_to_string(&path).map_err(|error| Error::Read {
            path: path.clone(),
            error,
        })?;
        Self::parse(language, &source).map_err(|problems| Error::Syntax { path, problems })
    }

    /// Parses a catalogue's source; the error has a line for each problem.
    ///
    /// # Errors
    /// If the source holds what is not compiled.
    pub fn parse(language: Language, source: &str) -> Result<Self, Vec<String>> {
        let (resource, errors) = match parser::parse(source) {
            Ok(resource) => (resource, Vec::new()),
            Err((resource, errors)) => (resource, errors),
        };
        let mut problems: Vec<_> = errors
            .iter()
            .map(|error| format!("line {}: {error}", line_of(source, error.pos.start)))
            .collect();
        let mut messages: Vec<Message> = Vec::new();
        for entry in &resource.body {
            match message::compile(entry, language) {
                Ok(Some(message)) if messages.iter().any(|other| other.id == message.id) => {
                    problems.push(format!("{}: is there twice", message.id));
                }
                Ok(message) => messages.extend(message),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(Self { language, messages })
        } else {
            Err(problems)
        }
    }

    /// Returns the ids of the messages and their texts, compiled with the order of values of `english`. A message that is
    /// missing here is an empty text.
    pub fn texts<'e>(&self, english: &'e Self) -> impl Iterator<Item = (&'e str, String)> {
        english.messages.iter().map(|model| {
            let own = self.messages.iter().find(|message| message.id == model.id);
            let text = own.map(|message| message.text(&model.values())).unwrap_or_default();
            (model.id.as_str(), text)
        })
    }

    /// Returns the compiled catalogue as a file: a line for each message of `english`, in its order.
    #[must_use]
    pub fn lines(&self, english: &Self) -> String {
        self.texts(english).fold(String::new(), |mut lines, (_, text)| {
            lines.push_str(&text);
            lines.push('\n');
            lines
        })
    }

    /// Returns Rust source for English: the enum `Key`, and `TEXTS` and `NAMES` in its order.
    #[must_use]
    pub fn rust_keys(&self) -> String {
        let mut keys = String::new();
        let mut texts = String::new();
        let mut names = String::new();
        for (id, text) in self.texts(self) {
            let key = camel_case(id);
            // Writing into a string cannot fail.
            let _ = writeln!(
                keys,
                "    /// {}\n    {key},",
                text.replace(['[', ']', '<', '>', '`'], "'")
            );
            let _ = writeln!(texts, "    {text:?},");
            let _ = writeln!(names, "    \"{key}\",");
        }
        format!(
            "/// A text of the page; each variant's documentation is the text in English.\n\
             #[derive(Debug, Clone, Copy, PartialEq, Eq)]\npub enum Key {{\n{keys}}}\n\n\
             /// Texts in English, by key.\npub(super) const TEXTS: &[&str] = &[\n{texts}];\n\n\
             /// Names of the keys.\n#[cfg(test)]\npub(super) const NAMES: &[&str] = &[\n{names}];\n"
        )
    }
}

/// Number of the line, from 1, that has the byte at `position`.
fn line_of(source: &str, position: usize) -> usize {
    source.bytes().take(position).filter(|byte| *byte == b'\n').count() + 1
}

/// Converts an id such as `copy-json` to a variant's name, `CopyJson`.
fn camel_case(id: &str) -> String {
    id.split('-')
        .map(|part| part[..1].to_ascii_uppercase() + &part[1..])
        .collect()
}

#[cfg(test)]
#[path = "catalogue_tests.rs"]
mod tests;
