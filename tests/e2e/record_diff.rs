//! `mirrord diff`: two records compared, and what is no record.

use mirrord_tests::home::Home;
use mirrord_tests::schema::valid;
use mirrord_tests::within;

/// Records a script's run to a file in the home; returns the path.
async fn record(home: &Home, id: &str, name: &str, script: &str) -> String {
    let file = home.path().join(name).to_str().unwrap().to_owned();
    let mut command = home.mirrord(["exec", "--record", &file, "--", "sh", "-c", script]);
    let output = within("a program", command.env("MIRRORD_SESSION_ID", id).output())
        .await
        .unwrap();
    assert!(output.stderr.is_empty(), "{output:?}");
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_are_compared_without_what_differs_every_time() {
    let home = Home::new();
    let script = |path: &str| format!("cat {path} >/dev/null 2>&1; cat /proc/self/stat >/dev/null");
    let first = record(&home, "first", "a.zst", &script("/etc/hostname")).await;
    let again = record(&home, "again", "b.ndjson", &script("/etc/hostname")).await;
    let other = record(&home, "other", "c.ndjson", &script("/nowhere")).await;
    let diff = async |arguments: &[&str]| {
        let given = [&["diff"], arguments].concat();
        within("the comparison", home.mirrord(given).output()).await.unwrap()
    };
    let same = diff(&[&first, &again, "--json", "--exit-code"]).await;
    let text = String::from_utf8(same.stdout).unwrap();
    assert_eq!(same.status.code(), Some(0), "{text}");
    assert_eq!(valid("comparison", &text)["same"], true);
    let differs = diff(&[&first, &other, "--json", "--exit-code"]).await;
    assert_eq!(differs.status.code(), Some(14));
    let comparison = valid("comparison", &String::from_utf8(differs.stdout).unwrap());
    assert_eq!(comparison["paths"]["only_a"][0]["name"], "/etc/hostname");
    assert_eq!(comparison["paths"]["only_b"][0]["name"], "/nowhere");
    assert_eq!(comparison["programs"]["changed"][0]["name"], "cat");
    let text = String::from_utf8(diff(&[&first, &other]).await.stdout).unwrap();
    assert!(
        text.contains("  -  /etc/hostname  ok\n") && text.contains("  +  /nowhere  not_found\n"),
        "{text}"
    );

    let refused = diff(&[&first, "/etc/hostname", "--json"]).await;
    assert_eq!(refused.status.code(), Some(11));
    assert_eq!(
        valid("error", String::from_utf8(refused.stderr).unwrap().trim_end())["kind"],
        "not_a_record"
    );
    let later = home.path().join("later");
    std::fs::write(&later, "{\"type\":\"Record\",\"format\":9}\n").unwrap();
    assert_eq!(diff(&[&first, later.to_str().unwrap()]).await.status.code(), Some(12));
    let whole = std::fs::read_to_string(&again).unwrap();
    let damaged = format!("{}\n{}", whole.lines().next().unwrap(), "rubbish\n".repeat(200));
    std::fs::write(&later, damaged).unwrap();
    assert_eq!(diff(&[&first, later.to_str().unwrap()]).await.status.code(), Some(13));
}
