//! The view of files: names that were looked for, what was written, and the story of a path.

use mirrord_wire::{MonitorEvent, Observation, Outcome};

use super::scene::Scene;

fn touched(host: &mirrord_tests::host::Host, path: &str, operation: &'static str, outcome: Option<Outcome>) {
    let (path, operation) = (Some(path.to_owned()), operation.to_owned().into());
    host.tell(Observation {
        pid: Some(7),
        outcome,
        ..MonitorEvent::FileOp { path, operation }.into()
    });
}

/// A config file that is in the third of its places, one that is in none, and a file that is written.
fn configured(host: &mirrord_tests::host::Host) {
    host.tell(MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: None,
        process_name: Some("python3".into()),
        cmdline: vec!["python3".into(), "shop.py".into()],
        cwd: Some("/srv/shop".into()),
    });
    let places = [
        ("/home/dev/.config/shop/config.yaml", Outcome::NotFound),
        ("/srv/shop/config.yaml", Outcome::NotFound),
        ("/etc/shop/config.yaml", Outcome::Ok),
        ("/usr/local/etc/shop/config.yaml", Outcome::NotFound),
    ];
    for (path, outcome) in places {
        touched(host, path, "open", Some(outcome));
    }
    for _ in 0..3 {
        touched(host, "/srv/shop/theme.toml", "stat", Some(Outcome::NotFound));
        touched(host, "/srv/shop/theme.toml", "open", Some(Outcome::NotFound));
    }
    touched(host, "/srv/shop/shop.db", "write", None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_was_looked_for_in_several_places_is_one_row_that_opens() {
    let page = Scene::host("files-searched", "#/s/ID/files").await;
    configured(&page.session);
    page.lists("files-searches", &["config.yaml", "found in place 3 of 4"])
        .await;
    page.lists("files-searches", &["theme.toml", "not found"]).await;
    page.lists_no("files-searches", "/srv/shop/config.yaml").await;
    page.does("[...byTestId('files-searches').querySelectorAll('[aria-expanded=false]')].find(it => it.innerText.includes('config.yaml')).click()")
        .await;
    page.lists("files-searches", &["/srv/shop/config.yaml", "not found"])
        .await;
    page.lists("files-searches", &["/etc/shop/config.yaml", "found"]).await;
    page.lists("files-written", &["/srv/shop/shop.db", "write 1"]).await;
    page.lists_no("files-written", "theme.toml").await;
    // What failed is one name, and the place that was found is none.
    page.shows("tab-files", "1 failed").await;
    page.click("[data-testid='files-failed']").await;
    page.lists_no("files-searches", "config.yaml").await;
    page.lists("files-searches", &["theme.toml"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_tells_its_story_in_the_address_until_escape_or_back() {
    let page = Scene::host("files-story", "#/s/ID/files").await;
    configured(&page.session);
    page.lists("files-searches", &["theme.toml"]).await;
    let open = "[...byTestId('files-searches').querySelectorAll('[data-act=open]')].find(it => it.innerText.includes('theme.toml'))";
    page.does(&format!("({open}).focus(), ({open}).click()")).await;
    page.is_at("#/s/ID/files?story=/srv/shop/theme.toml").await;
    page.shows("story", "/srv/shop/theme.toml").await;
    page.becomes("document.activeElement === byTestId('story')").await;
    page.shows("story-facts", "stat ×3 · open ×3").await;
    page.shows("story-facts", "python3 7 ×6").await;
    page.shows("story-spans", "not found").await;
    page.shows("story-spans", "×6").await;
    // It goes on while it is open.
    touched(&page.session, "/srv/shop/theme.toml", "open", Some(Outcome::Ok));
    page.becomes("byTestId('story-spans').children.length === 2").await;
    page.press(&["Escape"]).await;
    page.is_at("#/s/ID/files").await;
    page.becomes("!byTestId('story').checkVisibility()").await;
    page.becomes("document.activeElement.dataset.act === 'open'").await;
    // A link opens it, and its other places are in it.
    page.at("#/s/ID/files?story=/etc/shop/config.yaml").await;
    page.becomes("byTestId('story-places').children.length === 4").await;
    page.click("[data-testid='story-places'] a").await;
    page.is_at("#/s/ID/files?story=/home/dev/.config/shop/config.yaml")
        .await;
    page.does("history.back()").await;
    page.is_at("#/s/ID/files?story=/etc/shop/config.yaml").await;
    page.does("history.back()").await;
    page.becomes("!byTestId('story').checkVisibility()").await;
    page.at("#/s/ID/files?story=/etc/shop/config.yaml").await;
    page.click("[data-testid='story-rows']").await;
    page.becomes(&super::row("/etc/shop/config.yaml")).await;
    page.becomes(&format!("!{}", super::row("theme.toml"))).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_names_are_a_few_until_all_are_asked_for() {
    let page = Scene::host("files-many", "#/s/ID/files").await;
    for number in 0..40 {
        touched(
            &page.session,
            &format!("/srv/{number}/own{number}.toml"),
            "open",
            Some(Outcome::NotFound),
        );
    }
    page.shows("part-searches", "Show all 40").await;
    page.becomes("byTestId('files-searches').ariaRowCount === '13'").await;
    page.click("[data-testid='part-searches'] > .link").await;
    page.becomes("byTestId('files-searches').ariaRowCount === '41'").await;
    page.shows("part-searches", "Show fewer").await;
    page.close().await;
}
