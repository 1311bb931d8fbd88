//! The search box of a log: the filter language, what is said of it, completion by keys, and what is saved.

use super::row;
use super::scene::Scene;

const FOUND: &str = "CSS.highlights.get('found')";

/// Marked texts of the rows, in order.
async fn marked<S>(scene: &Scene<S>) -> Vec<String> {
    scene
        .value(&format!("[...{FOUND}].map(range => range.toString()).sort()"))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_any_order_find_and_mark_and_lead_from_one_to_the_next() {
    let scene = Scene::service("search-words", "#/s/ID/events").await;
    scene.becomes(&row("b.js")).await;
    scene.type_into("[data-testid='search']", "OPEN app").await;
    scene
        .becomes(&format!(
            "!{} && {} && {}",
            row("b.js"),
            row("config.yaml"),
            row("feature.json")
        ))
        .await;
    scene
        .becomes("byTestId('search-says').innerText === 'any column contains “OPEN”, and any column contains “app”'")
        .await;
    scene.becomes("byTestId('match-place').innerText === '– of 2'").await;
    scene.becomes(&format!("{FOUND}?.size === 4")).await;
    assert_eq!(marked(&scene).await, ["app", "app", "open", "open"]);
    for (testid, place) in [
        ("match-next", "2 of 2"),
        ("match-next", "1 of 2"),
        ("match-previous", "2 of 2"),
    ] {
        scene.click(&format!("[data-testid='{testid}']")).await;
        scene
            .becomes(&format!("byTestId('match-place').innerText === '{place}'"))
            .await;
    }
    scene.does("document.getElementById('log').focus()").await;
    scene.press(&["n"]).await;
    scene.becomes("byTestId('match-place').innerText === '1 of 2'").await;
    scene.press(&["N"]).await;
    scene.becomes("byTestId('match-place').innerText === '2 of 2'").await;
    scene.does("document.getElementById('search').focus()").await;
    scene.at("#/s/ID/events?q=process:curl").await;
    scene
        .becomes(&format!("{} && !{}", row("curl server.js"), row("b.js")))
        .await;
    scene.at("#/s/ID/events?q=tree:8%20-type:start").await;
    scene.becomes(&format!("!{} && {}", row("b.js"), row("ended"))).await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_says_what_is_wrong_and_covers_nothing_and_hides_no_row() {
    let scene = Scene::service("search-error", "#/s/ID/events").await;
    scene.becomes(&row("b.js")).await;
    scene.type_into("[data-testid='search']", "config prot:80").await;
    scene
        .becomes("byTestId('search-says').innerText === 'There is no field prot:; did you mean port?'")
        .await;
    scene.has("[data-testid='search'][aria-invalid='true']").await;
    let apart = "((box, says) => box.bottom <= says.top)(byTestId('search').getBoundingClientRect(), byTestId('search-says').getBoundingClientRect())";
    assert!(scene.value::<bool>(apart).await, "what was typed is in sight");
    // The rows are those of what is right beside it.
    scene
        .becomes(&format!("{} && !{}", row("config.yaml"), row("b.js")))
        .await;
    scene.at("#/s/ID/events?q=type:").await;
    scene
        .becomes("byTestId('search-says').innerText === 'Not finished yet: type:'")
        .await;
    scene.has("[data-testid='search']:not([aria-invalid])").await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_values_are_completed_by_keys() {
    let scene = Scene::service("search-complete", "#/s/ID/events").await;
    scene.becomes(&row("b.js")).await;
    scene.type_into("[data-testid='search']", "app out").await;
    scene
        .becomes("[...document.querySelectorAll('[data-testid=\"search-option\"]')].map(own => own.innerText.split('\\n')[0]).join() === 'outcome:'")
        .await;
    scene.has("[data-testid='search'][aria-expanded='true']").await;
    scene.press(&["ArrowDown", "Enter"]).await;
    scene.becomes("byTestId('search').value === 'app outcome:'").await;
    scene.has("[data-testid='search-option']").await;
    scene.press(&["ArrowDown", "ArrowDown"]).await;
    scene
        .becomes("document.getElementById(byTestId('search').getAttribute('aria-activedescendant')).innerText === 'not_found'")
        .await;
    scene.press(&["Tab"]).await;
    scene
        .becomes("byTestId('search').value === 'app outcome:not_found'")
        .await;
    scene.has("[data-testid='search'][aria-expanded='false']").await;
    scene.is_at("#/s/ID/events?q=app%20outcome:not_found").await;
    // A process of the session, and Escape, which closes the list alone.
    scene.at("#/s/ID/events").await;
    scene.becomes("byTestId('search').value === ''").await;
    scene.type_into("[data-testid='search']", "process:cu").await;
    scene.becomes("byTestId('search-option')?.innerText === 'curl'").await;
    scene.press(&["Escape"]).await;
    scene
        .becomes("!byTestId('search-option') && document.activeElement.id === 'search'")
        .await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_is_applied_as_a_filter_and_a_filter_is_saved_and_taken() {
    let scene = Scene::service("search-saved", "#/s/ID/events").await;
    scene.becomes(&row("b.js")).await;
    scene.click("[data-testid='log-row'][data-seq='7']").await;
    scene.click("[data-testid='apply-filter']").await;
    scene
        .becomes("byTestId('search').value === 'path:=\"/etc/app/feature.json\"'")
        .await;
    scene
        .becomes(&format!("{} && !{}", row("feature.json"), row("b.js")))
        .await;
    scene.click("[data-testid='saved-filters-button']").await;
    scene.fill("filter-name", "the feature").await;
    scene.click("[data-testid='save-filter']").await;
    scene.shows("saved-filter", "the feature").await;
    scene.at("#/s/ID/events").await;
    scene.becomes(&row("b.js")).await;
    scene.does("location.reload()").await;
    scene.becomes(&row("b.js")).await;
    scene.click("[data-testid='saved-filters-button']").await;
    scene.click("[data-testid='saved-filter']").await;
    scene
        .becomes(&format!("{} && !{}", row("feature.json"), row("b.js")))
        .await;
    scene.click("[data-testid='delete-filter']").await;
    scene.becomes("!byTestId('saved-filter')").await;
    assert_eq!(
        scene.value::<String>("localStorage.getItem('mirrord-filters')").await,
        ""
    );
    scene.close().await;
}
