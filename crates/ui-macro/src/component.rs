//! `#[component]`: the function as it stands, but that it returns elements, follows nothing by itself, and may have a name
//! with a capital letter.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, ItemFn, parse_quote};

pub(crate) fn expand(item: TokenStream) -> syn::Result<TokenStream> {
    let mut function: ItemFn = syn::parse2(item)?;
    let body = &function.block;
    let body = quote!({ ::leptos::prelude::untrack(move || crate::components::dom::IntoAny::into_any(#body)) });
    function.block = syn::parse2(body)?;
    for parameter in &mut function.sig.inputs {
        if let FnArg::Typed(parameter) = parameter {
            // A function's parameter has no documentation of its own.
            parameter.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
        }
    }
    function.sig.output = parse_quote!(-> crate::components::dom::AnyView);
    Ok(quote! {
        #[allow(non_snake_case)]
        #function
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_is_a_function_of_its_own_parameters() {
        let made = expand(quote!(
            fn Name(a: u8) -> impl IntoView {
                a
            }
        ))
        .unwrap()
        .to_string();
        assert!(
            made.contains("fn Name (a : u8) -> crate :: components :: dom :: AnyView"),
            "{made}"
        );
        assert!(
            expand(quote!(
                struct Name;
            ))
            .is_err()
        );
    }
}
