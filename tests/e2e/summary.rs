//! Answers of a session: `examples/shop`, in which everything goes wrong, explained without reading an event.

use std::path::Path;
use std::process::Stdio;

use hyper::{Method, StatusCode};
use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;
use mirrord_tests::{eventually, within};
use mirrord_wire::session::summary::Summary;
use serde_json::{Value, json};

const WAREHOUSE: &str = "warehouse.shop.invalid";

/// Runs a program to its end, and returns the answers of its session.
async fn answers(home: &Home, id: &str, command: &[&str]) -> Value {
    let ui = Ui::start(home).await;
    run(&ui, home, id, command).await
}

/// Runs a program to its end beside `mirrord ui`, and returns the answers of its session.
async fn run(ui: &Ui, home: &Home, id: &str, command: &[&str]) -> Value {
    let mut exec = home.mirrord(["exec", "--"]);
    exec.args(command).env("MIRRORD_SESSION_ID", id).stdin(Stdio::null());
    let output = within("the program", exec.output()).await.unwrap();
    assert!(output.status.success(), "{output:?}");
    eventually("the session has ended", async || {
        let sessions: Vec<Value> = ui.json("/api/sessions?ended=true").await;
        let own = sessions.into_iter().find(|session| session["session_id"] == id)?;
        (own["status"] == "ended").then_some(())
    })
    .await;
    ui.json(&format!("/api/sessions/{id}/summary")).await
}

/// Runs the shop once.
async fn shop(home: &Home) -> Value {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop/shop.py");
    let shop = shop.canonicalize().unwrap();
    let command = ["python3", shop.to_str().unwrap(), "--once", "--warehouse", WAREHOUSE];
    answers(home, "shop", &command).await
}

fn kinds(answers: &Value) -> Vec<&str> {
    let findings = answers["worth_a_look"].as_array().unwrap();
    findings.iter().map(|found| found["kind"].as_str().unwrap()).collect()
}

fn named<'a>(answers: &'a Value, list: &str, name: &str) -> &'a Value {
    let list = answers[list].as_array().unwrap();
    list.iter().find(|own| own["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_in_which_everything_goes_wrong_is_explained() {
    let home = Home::new();
    let answers = shop(&home).await;

    let config = named(&answers, "searches", "shop.toml");
    let outcomes: Vec<_> = config["places"]
        .as_array()
        .unwrap()
        .iter()
        .map(|place| place["outcome"].clone())
        .collect();
    assert_eq!(outcomes, ["not_found", "not_found", "ok"], "{config}");
    assert_eq!(config["verdict"], "found");
    let database = answers["destinations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|own| own["failed"] == 3);
    let database = database.unwrap_or_else(|| panic!("{answers}"));
    assert!(
        database["name"].as_str().unwrap().starts_with("127.0.0.1:"),
        "{database}"
    );
    assert_eq!(
        (&database["outcome"], database.get("connected")),
        (&json!("failed"), None)
    );
    let warehouse = named(&answers, "hosts", WAREHOUSE);
    assert_eq!(
        (warehouse.get("followed"), &warehouse["given"]),
        (None, &json!(true)),
        "{answers}"
    );
    let died = &answers["died"][0];
    assert_eq!(died["signal"], "SIGABRT", "{}", answers["died"]);
    assert!(died["command"].as_str().unwrap().ends_with("--thumbnail"), "{died}");

    assert_eq!(
        kinds(&answers),
        ["died", "connect_failed", "nothing_followed"],
        "{}",
        answers["worth_a_look"]
    );
    assert_eq!(
        answers["failed"],
        json!({"files": 0, "network": 2, "ports": 0, "processes": 1})
    );
    assert_eq!(
        answers["worth_a_look"][2]["query"],
        format!(r#"type:dns host:"{WAREHOUSE}""#)
    );
    let summary: Summary = serde_json::from_value(answers.clone()).unwrap();
    assert_eq!(summary.missed, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_one_process_tree_there_are_answers_of_its_own() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let script = "sh -c 'cat /nonexistent/own.toml; kill -ABRT $$'; cat /nonexistent/other.toml; true";
    let all = run(&ui, &home, "tree", &["sh", "-c", script]).await;
    assert_eq!(all["failed"]["files"], 2, "{all}");
    let child = all["died"][0]["pid"].as_u64().unwrap();
    let path = format!("/api/sessions/tree/summary?q=tree:{child}");
    let own: Value = ui.json(&path).await;
    assert_eq!(
        (&own["failed"]["files"], &own["missed"]),
        (&json!(1), &json!(0)),
        "{own}"
    );
    assert_eq!(own["died"][0]["signal"], "SIGABRT");
    assert!(named(&own, "searches", "own.toml").is_object() && named(&own, "searches", "other.toml").is_null());
    assert_eq!(own["seq"], all["seq"], "{own}");
    let wrong = ui.request(Method::GET, "/api/sessions/tree/summary?q=tree:x");
    assert_eq!(ui.send(wrong).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_has_reached_the_port_of_the_shop() {
    let home = Home::new();
    let answers = shop(&home).await;
    assert_eq!(answers["ports"][0]["arrivals"], 0, "{}", answers["ports"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_program_has_nothing_worth_a_look() {
    // One server: another of the same home could find the one that ends, and print its address.
    let (home, ui) = Ui::with_home().await;
    for (number, command) in [&["python3", "-c", "pass"][..], &["sh", "-c", "false; true"]]
        .into_iter()
        .enumerate()
    {
        let answers = run(&ui, &home, &format!("quiet{number}"), command).await;
        assert_eq!(answers["worth_a_look"], json!([]), "{command:?}");
        assert_eq!(answers["failed"]["files"], 0, "{command:?}: {}", answers["searches"]);
        assert_eq!(answers["failed"]["processes"], 0, "{command:?}");
    }
}
