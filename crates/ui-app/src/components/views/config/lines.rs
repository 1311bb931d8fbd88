//! Lines of the config, and beside each what its rules decided; rules of no line are defaults, and follow below.

use leptos::prelude::*;
use mirrord_filter::Field;

use crate::components::log_rows::{routing_class, routing_word};
use crate::components::open_session::OpenSession;
use crate::components::views::parts::title;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::format::text::shown;
use crate::i18n::{Key, count, t};
use crate::state::aggregates::{Aggregates, Counted};
use crate::state::config::{Line, Used, line_of};
use crate::state::filter_edit::{added, is};
use crate::state::table::Seen;

/// The most characters of a line, or of the file's path.
pub(super) const LINE_CHARS: usize = 400;

fn seen_of(aggregates: &Aggregates, rule: &str) -> Seen {
    let mut rules = aggregates.rules();
    rules
        .find(|(own, _)| *own == rule)
        .map_or_else(Seen::default, |(_, seen)| seen)
}

/// Decisions of a rule in words: `not found 31`.
fn words(seen: &Seen) -> String {
    let ways: Vec<String> = seen.routings().map(routing_word).collect();
    let ways = if ways.is_empty() {
        t(Key::Depends).to_owned()
    } else {
        ways.join(", ")
    };
    [ways.as_str(), " ", &grouped(seen.count)].concat()
}

fn class(seen: &Seen) -> &'static str {
    let mut ways = seen.routings();
    match (ways.next(), ways.next()) {
        (Some(only), None) => routing_class(only).trim_start(),
        _ => "",
    }
}

/// End of a rule's path, where a line has several.
fn short(rule: &str) -> &str {
    rule.rsplit_once('.').map_or(rule, |(_, end)| end)
}

/// A button with what a rule decided; it shows the events.
fn decided(open: OpenSession, rule: String, is_alone: bool) -> AnyView {
    let own = StoredValue::new(rule);
    let seen = Memo::new(move |_| {
        open.track();
        own.with_value(|own| {
            open.aggregates(|aggregates| {
                let seen = seen_of(aggregates, own);
                (words(&seen), class(&seen), seen.count)
            })
        })
    });
    let show = move |_| {
        let rule = own.get_value();
        open.show_events(|filter| filter.typed = added("", is(Field::Rule, &rule), false));
    };
    let lead = own.with_value(|own| {
        if is_alone {
            String::new()
        } else {
            [&shown(short(own), LINE_CHARS), ": "].concat()
        }
    });
    let title = move || {
        let decided = count(Key::DecidedCount, seen.read().2);
        own.with_value(|own| [&shown(own, LINE_CHARS), ": ", &decided].concat())
    };
    view! {
        <button type="button" class=move || ["link decided ", seen.read().1].concat() data-testid="decided" title=title on:click=handler(show)>
            {lead}{move || seen.read().0.clone()}
        </button>
    }
    .into_any()
}

/// Note of a pattern that decided nothing, where every event was counted here and decisions are known at all.
fn never(open: OpenSession, path: &str, is_alone: bool) -> AnyView {
    let is_known = Memo::new(move |_| open.tells_routing() && open.aggregates(|own| own.is_whole(Counted::Else)));
    let lead = if is_alone {
        String::new()
    } else {
        [short(path), ": "].concat()
    };
    view! {
        <span class="decided never" data-testid="never" title=path.to_owned() hidden=move || !is_known.get()>{lead}{t(Key::NeverMatched)}</span>
    }
    .into_any()
}

fn line(open: OpenSession, number: usize, line: &Line, rules: Vec<String>, unused: &[&str]) -> AnyView {
    let indent = "  ".repeat(line.depth.into());
    let colon = if line.name.is_empty() { "" } else { ": " };
    let class = if rules.is_empty() { "" } else { "decides" };
    let is_alone = rules.len() + unused.len() < 2;
    view! {
        <li class=class>
            <span class="line-number" aria-hidden="true">{number.to_string()}</span>
            <code>{indent}<span class="key">{shown(&line.name, LINE_CHARS)}</span>{colon}{shown(&line.text, LINE_CHARS)}</code>
            <span class="hits">
                {rules.into_iter().map(|rule| decided(open, rule, is_alone)).collect_view()}
                {unused.iter().map(|path| never(open, path, is_alone)).collect_view()}
            </span>
        </li>
    }
    .into_any()
}

/// The lines, and below them the rules that are not of the file.
pub(super) fn laid_out(open: OpenSession, used: &Used, rules: &[String]) -> AnyView {
    let placed: Vec<(Option<usize>, &String)> = rules.iter().map(|rule| (line_of(&used.places, rule), rule)).collect();
    let of = |at: Option<usize>| -> Vec<String> {
        let own = placed.iter().filter(|(place, _)| *place == at);
        own.map(|(_, rule)| (*rule).clone()).collect()
    };
    let lines = (0..).zip(&used.lines).map(|(at, own)| {
        let unused: Vec<_> = used.unused_in(at, rules).collect();
        line(open, at + 1, own, of(Some(at)), &unused)
    });
    let others = of(None).into_iter().map(|rule| {
        let text = shown(&rule, LINE_CHARS);
        view! { <li><code>{text}</code>{decided(open, rule, true)}</li> }
    });
    let others: Vec<_> = others.collect();
    let has_no_others = others.is_empty();
    view! {
        <ol class="json" dir="ltr" data-testid="config-lines" hidden=used.lines.is_empty()>{lines.collect_view()}</ol>
        <div hidden=has_no_others>
            {title(Key::DefaultRules)}
            <p class="quiet note">{t(Key::DefaultRulesNote)}</p>
            <ul class="json" dir="ltr" data-testid="config-defaults">{others}</ul>
        </div>
    }
    .into_any()
}
