//! Table of the texts of the sign-in pages.

/// Declares the texts and, for each, its placeholder in a page: its name in braces.
macro_rules! words {
    ($($(#[$about:meta])* $text:ident,)+) => {
        /// Texts of the sign-in pages in one language.
        #[derive(Debug)]
        pub(crate) struct Words {
            $($(#[$about])* pub(crate) $text: &'static str,)+
        }

        impl Words {
            /// Iterates over the placeholders, each with its text.
            pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
                [$((concat!("{", stringify!($text), "}"), self.$text)),+].into_iter()
            }
        }
    };
}

words! {
    /// The BCP 47 tag, as `lang` and `Content-Language` have it.
    tag,
    /// The direction of the script, as `dir` has it.
    dir,
    /// A title and a button.
    sign_in,
    lead,
    user,
    password,
    no_script,
    /// A title.
    pair,
    pairing,
    with_password,
    no_script_pair,
    wrong,
    used_up,
    /// With a place for the seconds.
    too_many,
    /// With a place for the status.
    failed,
    unreachable,
    no_code,
    /// A title.
    trust,
    vouches,
    /// The fingerprint follows.
    compare,
    download,
    iphone,
    android,
    reload,
    take_back,
}

impl Words {
    /// Renders a page: replaces its placeholders.
    pub(crate) fn fill(&self, template: &str) -> String {
        let page = template.to_owned();
        self.texts().fold(page, |page, (place, text)| page.replace(place, text))
    }
}
