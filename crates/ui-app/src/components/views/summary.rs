//! Summary of a session, its first view: what is worth a look with its evidence, then files by the name that was looked
//! for, destinations, ports and processes that died, each with a link to its rows; and beneath them the log itself.

use leptos::prelude::*;

use super::parts::so_far;
use crate::browser::zone_minutes;
use crate::components::keyed::rows;
use crate::components::open_session::OpenSession;
use crate::erased::handler;
use crate::format::number::grouped;
use crate::i18n::{Key, count, t, with};
use crate::state::aggregates::Aggregates;
use crate::state::answers::{Answer, Answers, Sentence, answers};
use crate::state::route::View;

/// Findings that are shown before all are asked for.
const FEW_FOUND: usize = 12;

type Column = (Key, &'static str);

const FILES: &[Column] = &[
    (Key::ColumnName, "short"),
    (Key::ColumnWhere, "name"),
    (Key::ColumnResult, "word"),
    (Key::ColumnTimes, "num"),
];
const NETWORK: &[Column] = &[
    (Key::ColumnName, "short"),
    (Key::ColumnDestination, "name"),
    (Key::ColumnResult, "word"),
    (Key::ColumnTimes, "num"),
    (Key::ColumnTraffic, "num bytes"),
];
const PORTS: &[Column] = &[
    (Key::ColumnListens, "name"),
    (Key::FieldProcess, "short"),
    (Key::ColumnCame, "num"),
    (Key::ColumnLast, "last"),
    (Key::ColumnTraffic, "num bytes"),
];
const DIED: &[Column] = &[
    (Key::FieldCommand, "name"),
    (Key::ColumnResult, "word"),
    (Key::FieldTime, "last"),
    (Key::ColumnTimes, "num"),
];

/// List of answers, and how it is shown.
#[derive(Clone, Copy)]
struct List {
    testid: &'static str,
    title: Key,
    columns: &'static [Column],
    pick: fn(&Answers) -> &Vec<Answer>,
    /// View that has the whole, and how much that is, in words.
    whole: (View, fn(&Aggregates) -> String),
}

const LISTS: [List; 4] = [
    List {
        testid: "answers-files",
        title: Key::FilesLookedFor,
        columns: FILES,
        pick: |answers| &answers.files,
        whole: (View::Files, |own| count(Key::PathsCount, own.files.len() as u64)),
    },
    List {
        testid: "answers-network",
        title: Key::TabNetwork,
        columns: NETWORK,
        pick: |answers| &answers.network,
        whole: (View::Network, |_| t(Key::Destinations).to_owned()),
    },
    List {
        testid: "answers-ports",
        title: Key::TabPorts,
        columns: PORTS,
        pick: |answers| &answers.ports,
        whole: (View::Ports, |_| t(Key::TabPorts).to_owned()),
    },
    List {
        testid: "answers-died",
        title: Key::ProcessesDied,
        columns: DIED,
        pick: |answers| &answers.died,
        whole: (View::Processes, |own| {
            count(Key::Processes, own.processes.all().len() as u64)
        }),
    },
];

/// Makes the answers of the open session; subscribes to its numbers and to the clock.
fn current(open: OpenSession) -> Answers {
    open.track();
    let now = open.now.get();
    let judgement = open.judgement.read();
    let cwd = open.summary(|session| session.summary.info.cwd.clone()).flatten();
    let clock = open.clock();
    let time = |ts: u64| clock.format(ts, zone_minutes(ts));
    open.aggregates(|aggregates| answers(&judgement, aggregates, cwd.as_deref(), now, &time))
}

/// The summary, with the log beneath it.
pub(crate) fn view(open: OpenSession, log: AnyView) -> AnyView {
    let answers = Memo::new(move |_| current(open));
    let is_quiet = Memo::new(move |_| answers.read().found.is_empty());
    let quiet = move || {
        answers.track();
        t(match so_far(open, Key::NothingStandsOut) {
            Key::NothingStandsOut => Key::NothingStandsOut,
            _ => Key::NothingStoodOut,
        })
    };
    let all = RwSignal::new(false);
    let total = Memo::new(move |_| answers.with(|own| (own.found.len(), own.found_more)));
    let keys = move || {
        let shown = if all.get() { usize::MAX } else { FEW_FOUND };
        let answers = answers.read();
        let found = answers.found.iter().take(shown);
        found.map(|found| found.key.clone()).collect()
    };
    let number = move || {
        let (kept, more) = total.get();
        grouped(kept as u64 + more)
    };
    let says = move || match all.get() {
        true => t(Key::ShowFewer).to_owned(),
        false => with(Key::ShowAll, &grouped(total.get().0 as u64)),
    };
    view! {
        <div class="summary" data-testid="view-summary" tabindex="-1">
            <section class="worth" aria-labelledby="worth">
                <h2 id="worth">{t(Key::WorthALook)} <span class="third tabular" hidden=move || is_quiet.get()>{move || number()}</span></h2>
                <ul hidden=move || is_quiet.get() data-testid="findings">{rows(keys, move |key| finding(open, answers, key))}</ul>
                <button type="button" class="link" data-testid="findings-all" hidden=move || total.get().0 <= FEW_FOUND
                    aria-expanded=move || if all.get() { "true" } else { "false" } on:click=handler(move |_| all.update(|all| *all = !*all))>{move || says()}</button>
                <p class="calm" hidden=move || !is_quiet.get() data-testid="quiet">{move || quiet()}</p>
            </section>
            <div class="lists">{LISTS.map(|list| table(open, answers, list))}</div>
            <section class="beneath" aria-labelledby="beneath">
                <h2 id="beneath">{t(Key::TabEvents)}</h2>
                <div class="log-beneath">{log}</div>
            </section>
        </div>
    }
    .into_any()
}

fn finding(open: OpenSession, answers: Memo<Answers>, key: String) -> AnyView {
    let own: Memo<Sentence> = Memo::new(move |_| {
        let answers = answers.read();
        answers
            .found
            .iter()
            .find(|own| own.key == key)
            .cloned()
            .unwrap_or_default()
    });
    let href = Memo::new(move |_| open.rows_of(&own.read().query));
    view! {
        <li data-testid="finding">
            <span class=move || if own.read().is_failure { "sign lost" } else { "sign warned" } aria-hidden="true">{move || if own.read().is_failure { "×" } else { "!" }}</span>
            <p>
                {move || own.read().before.clone()}<bdi class="machine">{move || own.read().subject.clone()}</bdi>{move || own.read().after.clone()}
                <span class="evidence tabular">{move || own.read().evidence.clone()}</span>
            </p>
            <a class="link" href=move || href.get()>{t(Key::ShowRows)}</a>
        </li>
    }
    .into_any()
}

fn table(open: OpenSession, answers: Memo<Answers>, list: List) -> AnyView {
    let keys = Memo::new(move |_| {
        let answers = answers.read();
        (list.pick)(&answers)
            .iter()
            .map(|own| own.key.clone())
            .collect::<Vec<_>>()
    });
    let whole = Memo::new(move |_| {
        answers.track();
        open.aggregates(list.whole.1)
    });
    let heads = list
        .columns
        .iter()
        .map(|(title, class)| view! { <th class=*class scope="col">{t(*title)}</th> }.into_any());
    view! {
        <section class="list" data-testid=list.testid hidden=move || keys.read().is_empty()>
            <h2><a href=move || open.address(list.whole.0)>{t(list.title)}</a></h2>
            <table class="plain">
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{rows(move || keys.get(), move |key| row(open, answers, list, key))}</tbody>
            </table>
            <a class="link whole" href=move || open.address(list.whole.0)>{move || whole.get()}</a>
        </section>
    }
    .into_any()
}

fn row(open: OpenSession, answers: Memo<Answers>, list: List, key: String) -> AnyView {
    let own: Memo<Answer> = Memo::new(move |_| {
        let answers = answers.read();
        let found = (list.pick)(&answers).iter().find(|own| own.key == key);
        found.cloned().unwrap_or_default()
    });
    let cells = list.columns.iter().enumerate().map(|(at, (_, class))| {
        let content = move || cell(open, &own.read(), at);
        view! { <td class=*class>{content}</td> }.into_any()
    });
    view! { <tr data-testid="answer">{cells.collect_view()}</tr> }.into_any()
}

fn cell(open: OpenSession, own: &Answer, at: usize) -> AnyView {
    let Some(text) = own.cells.get(at).filter(|text| !text.main.is_empty()) else {
        return ().into_any();
    };
    let main = view! { <bdi class=text.class title=text.main.clone()>{text.main.clone()}</bdi> };
    let main = if at == own.link {
        view! { <a href=open.rows_of(&own.query)>{main}</a> }.into_any()
    } else {
        main.into_any()
    };
    let tail = (!text.tail.is_empty()).then(|| view! { <span class="aside">{text.tail.clone()}</span> });
    view! { {main}{tail} }.into_any()
}
