//! The languages: names, scripts, plural categories and number formats, and the choice among those that a browser prefers.

use std::cmp::Reverse;

/// Language ranges of an `Accept-Language` header that are looked at: browsers send fewer than ten.
const MAX_RANGES: usize = 32;
/// Longest tag that is looked at, bytes: the longest of a browser, `zh-Hant-TW`, has ten.
const MAX_TAG_BYTES: usize = 35;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[repr(u8)]
pub enum Language {
    /// English, which every other language falls back to.
    #[default]
    En,
    /// Arabic.
    Ar,
    /// Danish.
    Da,
    /// German.
    De,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Japanese.
    Ja,
    /// Korean.
    Ko,
    /// Norwegian.
    Nb,
    /// Polish.
    Pl,
    /// Brazilian Portuguese.
    PtBr,
    /// Russian.
    Ru,
    /// Thai.
    Th,
    /// Simplified Chinese.
    ZhHans,
    /// Traditional Chinese.
    ZhHant,
}

use Language::{Ar, Da, De, En, Es, Fr, Ja, Ko, Nb, Pl, PtBr, Ru, Th, ZhHans, ZhHant};

/// Number format of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marks {
    /// Between groups of three digits.
    pub group: char,
    /// Before the decimals.
    pub decimal: char,
    /// The fewest digits of a number that is grouped: some languages leave four digits together.
    pub least_digits: usize,
}

impl Language {
    /// All of them, English first, the others by their tags.
    pub const ALL: [Self; 15] = [En, Ar, Da, De, Es, Fr, Ja, Ko, Nb, Pl, PtBr, Ru, Th, ZhHans, ZhHant];

    /// All but English, by their tags.
    pub const TRANSLATED: [Self; 14] = [Ar, Da, De, Es, Fr, Ja, Ko, Nb, Pl, PtBr, Ru, Th, ZhHans, ZhHant];

    /// The BCP 47 tag: for `lang`, for the browser's own formats, and the catalogue's name.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            En => "en",
            Ar => "ar",
            Da => "da",
            De => "de",
            Es => "es",
            Fr => "fr",
            Ja => "ja",
            Ko => "ko",
            Nb => "nb",
            Pl => "pl",
            PtBr => "pt-BR",
            Ru => "ru",
            Th => "th",
            ZhHans => "zh-Hans",
            ZhHant => "zh-Hant",
        }
    }

    /// The language's own name, which its speakers find in a list of any language.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            En => "English",
            Ar => "العربية",
            Da => "Dansk",
            De => "Deutsch",
            Es => "Español",
            Fr => "Français",
            Ja => "日本語",
            Ko => "한국어",
            Nb => "Norsk bokmål",
            Pl => "Polski",
            PtBr => "Português (Brasil)",
            Ru => "Русский",
            Th => "ไทย",
            ZhHans => "简体中文",
            ZhHant => "繁體中文",
        }
    }

    /// The direction of its script, as `dir` has it.
    #[must_use]
    pub fn direction(self) -> &'static str {
        if self == Ar { "rtl" } else { "ltr" }
    }

    /// The plural categories of whole numbers, in CLDR's names and order: the order of the forms in a text.
    #[must_use]
    pub fn plurals(self) -> &'static [&'static str] {
        match self {
            Ja | Ko | Th | ZhHans | ZhHant => &["other"],
            En | Da | De | Nb => &["one", "other"],
            Es | Fr | PtBr => &["one", "many", "other"],
            Pl | Ru => &["one", "few", "many", "other"],
            Ar => &["zero", "one", "two", "few", "many", "other"],
        }
    }

    /// The place of a whole number's category among [`Language::plurals`], by CLDR's rules.
    #[must_use]
    pub fn plural(self, number: u64) -> usize {
        let (units, hundreds) = (number % 10, number % 100);
        let is_million = number > 0 && number.is_multiple_of(1_000_000);
        let few = (2..=4).contains(&units) && !(12..=14).contains(&hundreds);
        match self {
            Ja | Ko | Th | ZhHans | ZhHant => 0,
            En | Da | De | Nb => usize::from(number != 1),
            Es if number == 1 => 0,
            Fr | PtBr if number <= 1 => 0,
            Es | Fr | PtBr => {
                if is_million {
                    1
                } else {
                    2
                }
            }
            Pl if number == 1 => 0,
            Ru if units == 1 && hundreds != 11 => 0,
            Pl | Ru => {
                if few {
                    1
                } else {
                    2
                }
            }
            Ar => match (number, hundreds) {
                (0..=2, _) => number as usize,
                (_, 3..=10) => 3,
                (_, 11..=99) => 4,
                _ => 5,
            },
        }
    }

    /// Its number format, in the digits 0 to 9: a debugging tool's numbers are compared with those of other tools.
    #[must_use]
    pub const fn marks(self) -> Marks {
        let (group, decimal, least_digits) = match self {
            En | Ar | Ja | Ko | Th | ZhHans | ZhHant => (',', '.', 4),
            Da | De | PtBr => ('.', ',', 4),
            Es => ('.', ',', 5),
            Fr => ('\u{202f}', ',', 4),
            Nb | Ru => ('\u{a0}', ',', 4),
            Pl => ('\u{a0}', ',', 5),
        };
        Marks {
            group,
            decimal,
            least_digits,
        }
    }

    /// Reads one of our own tags.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.tag().eq_ignore_ascii_case(tag))
    }

    /// Returns the first that we have of the tags that a browser prefers, in its order; English where there is none.
    #[must_use]
    pub fn best(tags: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        tags.into_iter()
            .find_map(|tag| Self::near(tag.as_ref()))
            .unwrap_or_default()
    }

    /// Returns the best language for the values of `Accept-Language` (RFC 9110, section 12.5.4; lookup as in RFC 4647,
    /// section 3.4). Ranges that do not parse are passed over.
    #[must_use]
    pub fn of_accept_language<'v>(values: impl IntoIterator<Item = &'v str>) -> Self {
        let ranges = values.into_iter().flat_map(|value| value.split(','));
        let mut ranges: Vec<_> = ranges.take(MAX_RANGES).filter_map(range).collect();
        // Stable: of two that weigh the same, the earlier one is meant.
        ranges.sort_by_key(|(weight, _)| Reverse(*weight));
        Self::best(ranges.iter().filter(|(weight, _)| *weight > 0).map(|(_, tag)| tag))
    }

    /// The nearest to a tag, where one is near: its region decides where we have several scripts, as BCP 47 leaves it out.
    fn near(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        let primary = parts.next()?;
        let rest: Vec<_> = parts.collect();
        match primary {
            // Any language, or any other.
            "*" => Some(En),
            "pt" => Some(PtBr),
            "no" | "nn" => Some(Nb),
            "zh" if rest.contains(&"hans") => Some(ZhHans),
            "zh" if ["hant", "tw", "hk", "mo"].iter().any(|part| rest.contains(part)) => Some(ZhHant),
            "zh" => Some(ZhHans),
            _ => Self::of_tag(primary),
        }
    }
}

/// Parses a language range: its weight in thousandths, and its tag.
fn range(item: &str) -> Option<(u16, &str)> {
    let (tag, parameters) = item.split_once(';').unwrap_or((item, "q=1"));
    let (name, weight) = parameters.trim().split_once('=')?;
    let weight = name.eq_ignore_ascii_case("q").then(|| thousandths(weight))??;
    let tag = tag.trim();
    (tag.len() <= MAX_TAG_BYTES).then_some((weight, tag))
}

/// Parses a `qvalue`: 0 to 1 with at most three decimals.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let decimals = format!("{decimals:0<3}").parse::<u16>().ok()?;
    match (whole, decimals) {
        ("0", decimals) => Some(decimals),
        ("1", 0) => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(asked: &[&str]) -> Language {
        Language::best(asked)
    }

    #[test]
    fn the_browser_s_order_decides_and_english_is_the_last_resort() {
        assert_eq!(best(&["de-AT", "en"]), De);
        assert_eq!(best(&["nl", "fr-CA", "de"]), Fr);
        assert_eq!(best(&["nl", "tlh"]), En);
        assert_eq!(best(&[]), En);
        assert_eq!(best(&["", "-", "x"]), En);
    }

    #[test]
    fn regions_and_scripts_lead_to_the_right_writing() {
        let found = [
            "zh",
            "zh-CN",
            "zh-TW",
            "ZH-hk",
            "zh-Hant-HK",
            "zh-Hans-HK",
            "zh-SG",
            "pt-PT",
            "no",
            "nn-NO",
            "es-419",
        ]
        .map(|tag| best(&[tag]));
        assert_eq!(
            found,
            [ZhHans, ZhHans, ZhHant, ZhHant, ZhHant, ZhHans, ZhHans, PtBr, Nb, Nb, Es]
        );
    }

    fn asks(values: &[&str]) -> &'static str {
        Language::of_accept_language(values.iter().copied()).tag()
    }

    #[test]
    fn the_weightiest_language_that_is_there_is_taken() {
        for (asked, expected) in [
            ("de-AT,de;q=0.9,en;q=0.8", "de"),
            ("en;q=0.5, ja;q=0.7", "ja"),
            ("en;q=0.7,ja;q=0.7", "en"),
            ("ko ; q=0.3 , th ; Q=0.31", "th"),
            ("fr;q=0, es;q=0.001", "es"),
            ("xx, tlh;q=0.9, pl;q=0.1", "pl"),
            ("ru;q=1.000", "ru"),
            ("*", "en"),
            ("fr;q=0.5, *;q=0.9", "en"),
            ("de;q=0", "en"),
            ("", "en"),
        ] {
            assert_eq!(asks(&[asked]), expected, "{asked}");
        }
        assert_eq!(asks(&[]), "en");
        assert_eq!(asks(&["xx", "da"]), "da", "a header may come in parts");
    }

    #[test]
    fn what_is_no_header_of_a_browser_is_passed_over() {
        for asked in [
            "de;q=2",
            "de;q=1.001",
            "de;q=0.1234",
            "de;q=-1",
            "de;q=",
            "de;q=.5",
            "de;q=NaN",
            "de;q",
            "de;level=1",
            "de;q=0.5;q=0.1",
            ",;,,;=,-,q=1",
            "<script>alert(1)</script>",
            "../../de",
            "\"de\"",
            "{lead}",
        ] {
            assert_eq!(asks(&[asked]), "en", "{asked}");
            let behind = format!("{asked}, ja;q=0.2");
            assert_eq!(asks(&[&behind]), "ja", "{asked}");
        }
        assert_eq!(asks(&[&"d".repeat(60_000), "de"]), "de");
        let many = "xx,".repeat(20_000) + "de";
        assert_eq!(asks(&[&many]), "en", "behind the bound");
    }

    #[test]
    fn numbers_have_the_category_that_cldr_gives_them() {
        let told = |language: Language, numbers: &[u64]| -> Vec<&str> {
            numbers
                .iter()
                .map(|number| language.plurals()[language.plural(*number)])
                .collect()
        };
        assert_eq!(told(En, &[0, 1, 2]), ["other", "one", "other"]);
        assert_eq!(told(Fr, &[0, 1, 2, 1_000_000]), ["one", "one", "other", "many"]);
        assert_eq!(told(Es, &[0, 1, 2, 2_000_000]), ["other", "one", "other", "many"]);
        assert_eq!(
            told(Ru, &[1, 2, 5, 11, 12, 21, 22, 111]),
            ["one", "few", "many", "many", "many", "one", "few", "many"]
        );
        assert_eq!(
            told(Pl, &[1, 2, 5, 12, 21, 22]),
            ["one", "few", "many", "many", "many", "few"]
        );
        assert_eq!(
            told(Ar, &[0, 1, 2, 3, 10, 11, 99, 100, 103]),
            ["zero", "one", "two", "few", "few", "many", "many", "other", "few"]
        );
        assert_eq!(told(Ja, &[0, 1, 5]), ["other"; 3]);
        for language in Language::ALL {
            assert!((0..2_000).all(|number| language.plural(number) < language.plurals().len()));
        }
    }

    #[test]
    fn tags_are_read_back_and_each_language_is_listed_at_its_place() {
        for (place, language) in Language::ALL.into_iter().enumerate() {
            assert_eq!(Language::of_tag(language.tag()), Some(language));
            assert_eq!(language as usize, place);
            assert_eq!(language.plurals().last(), Some(&"other"));
        }
    }
}
