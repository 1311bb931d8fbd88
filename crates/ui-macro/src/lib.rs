//! The page's `view!` and `#[component]`. The notation is leptos's; what comes out are plain calls of the page's
//! `components::dom`, in place of a type for each element with all that it holds, which the page would carry once each.
//!
//! It knows no types: what may stand as an attribute or as a child is said there, by traits.

mod component;
mod view;

use proc_macro::TokenStream;

/// Elements in the notation of HTML, made at once: `<p class="a" title=dynamic(…) on:click=…>{t(key)}</p>`.
///
/// A name with a capital letter is a call of that function, with the attributes as its arguments, in its order. `<For
/// each key let:item>` makes its children once for each key.
#[proc_macro]
pub fn view(tokens: TokenStream) -> TokenStream {
    view::expand(tokens.into()).into()
}

/// A function with a capital letter that `view!` calls. What it reads while it makes its elements, it does not follow.
#[proc_macro_attribute]
pub fn component(_: TokenStream, item: TokenStream) -> TokenStream {
    component::expand(item.into())
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
