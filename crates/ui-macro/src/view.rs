//! `view!`: from nodes to calls.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use rstml::Infallible;
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeElement};
use syn::{Expr, ExprLit, Lit, spanned::Spanned as _};

/// An element as the parser gives it.
type Element = NodeElement<Infallible>;

/// The elements of SVG that a view may begin with, or that are only there; below an `svg` all are.
const SVG: [&str; 9] = [
    "svg", "path", "circle", "rect", "line", "polyline", "polygon", "g", "text",
];

/// The name of what is being made; an expression of the view's cannot mean it by chance.
fn own() -> Ident {
    Ident::new("own", Span::mixed_site())
}

pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let own = own();
    let parser = rstml::Parser::new(rstml::ParserConfig::default().recover_block(true));
    let (nodes, errors) = parser.parse_recoverable(tokens).split_vec();
    let errors = errors.into_iter().map(|error| error.emit_as_expr_tokens());
    let made = match nodes.as_slice() {
        [Node::Element(only)] => element(only, false),
        nodes => {
            let children = children(nodes, false);
            quote!({
                let #own = crate::components::dom::fragment();
                #children
                #own
            })
        }
    };
    quote!({
        #(#errors;)*
        #made
    })
}

/// Adds each node to `own`.
fn children(nodes: &[Node], in_svg: bool) -> TokenStream {
    let own = own();
    let nodes = nodes.iter().map(|node| match node {
        Node::Element(child) => {
            let made = element(child, in_svg);
            quote!(#own.add(#made);)
        }
        Node::Block(block) => quote_spanned!(block.span()=> #own.add(#[allow(unused_braces)] #block);),
        Node::Text(text) => {
            let text = &text.value;
            quote!(#own.add(#text);)
        }
        Node::RawText(text) => {
            let text = text.to_string_best();
            quote!(#own.add(#text);)
        }
        Node::Fragment(inside) => children(&inside.children, in_svg),
        other => wrong(other, "only elements, texts and blocks can stand here"),
    });
    quote!(#(#nodes)*)
}

fn element(element: &Element, in_svg: bool) -> TokenStream {
    let own = own();
    let tag = element.name().to_string();
    if tag == "For" {
        return each(element);
    }
    if tag.starts_with(|first: char| first.is_ascii_uppercase()) {
        return call(element);
    }
    let in_svg = in_svg || SVG.contains(&tag.as_str());
    let (fixed, live) = attributes(element.attributes());
    let fixed = fixed.iter().map(|(name, value)| quote!((#name, #value)));
    let children = children(&element.children, in_svg);
    quote!({
        let #own = crate::components::dom::element(#tag, #in_svg, &[#(#fixed),*]);
        #(#live)*
        #children
        #own
    })
}

/// The attributes that are words, and the calls for all others.
fn attributes(all: &[NodeAttribute]) -> (Vec<(String, String)>, Vec<TokenStream>) {
    let own = own();
    let mut fixed = Vec::new();
    let mut live = Vec::new();
    for attribute in all {
        let NodeAttribute::Attribute(attribute) = attribute else {
            live.push(wrong(attribute, "an attribute has a name here"));
            continue;
        };
        let name = attribute.key.to_string();
        match (name.split_once(':'), attribute.value()) {
            (None, None) => fixed.push((name, String::new())),
            (
                None,
                Some(Expr::Lit(ExprLit {
                    lit: Lit::Str(word), ..
                })),
            ) => fixed.push((name, word.value())),
            (None, Some(held)) if name == "node_ref" => live.push(quote!(#own.held_by(#held);)),
            (None, Some(value)) => live.push(quote!(#own.set(#name, #value);)),
            (Some((kind, name)), Some(value)) => live.push(directive(attribute, kind, name, value)),
            (Some(_), None) => live.push(wrong(attribute, "this takes a value")),
        }
    }
    (fixed, live)
}

fn directive(attribute: &KeyedAttribute, kind: &str, name: &str, value: &Expr) -> TokenStream {
    let own = own();
    match kind {
        "on" => {
            let event = format_ident!("{}", event_type(name));
            quote!(#own.on::<::web_sys::#event>(#name, #value);)
        }
        "class" => quote!(#own.class(#name, #value);),
        "prop" => quote!(#own.property(#name, #value);),
        _ => wrong(attribute, "`on:`, `class:` and `prop:` are known here"),
    }
}

/// The type of an event, as `web-sys` calls it.
fn event_type(name: &str) -> &'static str {
    match name {
        "keydown" | "keyup" => "KeyboardEvent",
        "submit" => "SubmitEvent",
        "blur" | "focus" | "focusin" | "focusout" => "FocusEvent",
        _ if name.starts_with("pointer") => "PointerEvent",
        _ if name.starts_with("drag") || name == "drop" => "DragEvent",
        _ if name.starts_with("mouse") || name == "click" || name == "contextmenu" => "MouseEvent",
        _ => "Event",
    }
}

/// A call of a component.
fn call(element: &Element) -> TokenStream {
    let name = element.name();
    let arguments = element.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => match attribute.value() {
            Some(value) => quote!((#value).into()),
            None => {
                let name = &attribute.key;
                quote!(#name.into())
            }
        },
        block @ NodeAttribute::Block(_) => wrong(block, "an argument has a name here"),
    });
    quote_spanned!(element.span()=> #name(#(#arguments),*))
}

/// `<For each=… key=… let:item>…</For>`.
fn each(element: &Element) -> TokenStream {
    let own = own();
    let (mut each, mut key, mut item) = (None, None, None);
    for attribute in element.attributes() {
        if let NodeAttribute::Attribute(attribute) = attribute {
            let name = &attribute.key;
            let value = attribute.value().map_or_else(|| quote!(#name), |value| quote!(#value));
            match name.to_string().as_str() {
                "each" => each = Some(value),
                "key" => key = Some(value),
                name => item = name.strip_prefix("let:").map(|name| format_ident!("{name}")),
            }
        }
    }
    let (Some(each), Some(key), Some(item)) = (each, key, item) else {
        return wrong(element.name(), "`For` takes `each`, `key` and `let:name`");
    };
    let made = match element.children.as_slice() {
        [Node::Element(only)] => self::element(only, false),
        nodes => {
            let children = children(nodes, false);
            quote!({ let #own = crate::components::dom::fragment(); #children #own })
        }
    };
    quote!(crate::components::dom::rows(#each, #key, move |#item| #made))
}

fn wrong(tokens: &impl quote::ToTokens, says: &str) -> TokenStream {
    let span = tokens.span();
    quote_spanned!(span=> compile_error!(#says);)
}
