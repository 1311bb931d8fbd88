//! The edition that `mirrord ui` reports, against a server that plays the Kubernetes API.

use std::path::Path;
use std::time::{Duration, Instant};

use mirrord_tests::cluster::{Cluster, GROUP, OPERATOR, kubeconfig};
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::ui::Ui;
use mirrord_wire::api::OperatorSessions;
use mirrord_wire::{Edition, VersionInfo};

const USER: &str = "    token: very-secret";
const TEAMS: &str = r#"{"apiVersion":"operator.metalbear.co/v1","kind":"MirrordOperator","metadata":{"name":"operator"},
"spec":{"operator_version":"3.120.0","default_namespace":"default","supported_features":["CopyTarget","Novel"],
"license":{"name":"Ada","organization":"Example","expire_at":"2999-01-01","fingerprint":"3f","subscription_id":"s7"}},
"status":{"sessions":[{"id":"4a","duration_secs":312,"user":"Ada@laptop","target":"deployment/checkout",
"namespace":"staging","locked_ports":[[8080,"steal","header x"]],"user_id":"u"}],"statistics":{"dau":1,"mau":2}}}"#;

async fn start(home: &Home, kubeconfig: Option<&Path>) -> Ui {
    let mut command = home.mirrord(["ui", "--no-open", "--port", "0"]);
    if let Some(kubeconfig) = kubeconfig {
        command.env("KUBECONFIG", kubeconfig);
    }
    Ui::spawn(command).await
}

async fn told(ui: &Ui) -> VersionInfo {
    eventually("the cluster was asked", async || {
        let version: VersionInfo = ui.json("/api/version").await;
        (!version.pending).then_some(version)
    })
    .await
}

async fn edition(home: &Home, kubeconfig: Option<&Path>) -> (Edition, String) {
    let ui = start(home, kubeconfig).await;
    let told = told(&ui).await;
    // The next one in this home would find one that is ending.
    assert!(ui.interrupt().await.success());
    (told.edition, told.reason.unwrap_or_default())
}

async fn answered(answers: &[(&'static str, u16, &str)]) -> (Edition, String) {
    let (home, cluster) = (Home::new(), Cluster::start(answers).await);
    let path = cluster.kubeconfig(home.path(), USER);
    edition(&home, Some(&path)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_is_teams_with_its_license_and_its_sessions() {
    let home = Home::new();
    let cluster = Cluster::start(&[(OPERATOR, 200, TEAMS)]).await;
    let ui = start(&home, Some(&cluster.kubeconfig(home.path(), USER))).await;
    let version = told(&ui).await;
    assert_eq!((version.edition, version.reason.as_deref()), (Edition::Teams, None));
    assert_eq!(version.operator_version.as_deref(), Some("3.120.0"));
    assert_eq!(version.supported_features, ["CopyTarget", "Novel"]);
    let license = version.license.unwrap();
    assert_eq!((license.organization.as_str(), license.expired), ("Example", false));
    assert_eq!(license.subscription_id.as_deref(), Some("s7"));
    let sessions: OperatorSessions = ui.json("/api/operator/sessions").await;
    assert_eq!(
        (sessions.edition, sessions.sessions.len(), sessions.omitted),
        (Edition::Teams, 1, 0)
    );
    assert_eq!(sessions.sessions[0].locked_ports[0].port, 8080);
    assert!(sessions.asked_at.is_some());
    let expected = (OPERATOR.to_owned(), "Bearer very-secret".to_owned());
    assert_eq!(cluster.asked(), [expected]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_api_group_it_is_oss_and_with_it_nobody_knows() {
    assert_eq!(answered(&[]).await, (Edition::Oss, String::new()));
    let (edition, reason) = answered(&[(GROUP, 200, "{}")]).await;
    assert_eq!(edition, Edition::Unknown);
    assert!(reason.contains("the operator is not"), "{reason}");
    let (edition, reason) = answered(&[(GROUP, 403, "{}")]).await;
    assert!(edition == Edition::Unknown && reason.contains("403"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_answer_is_unknown_with_its_reason() {
    for (status, words) in [
        (401, "does not accept the credentials"),
        (403, "does not let this user"),
        (500, "neither"),
        (503, "does not answer"),
        (302, "302"),
    ] {
        let (edition, reason) = answered(&[(OPERATOR, status, "<b>very-secret</b>")]).await;
        assert_eq!(edition, Edition::Unknown, "{status}");
        assert!(
            reason.contains(words) && reason.contains(&status.to_string()),
            "{reason}"
        );
        assert!(!reason.contains("secret"), "{reason}");
    }
    let endless = format!("{{\"spec\": \"{}\"", "x".repeat(5 * 1024 * 1024));
    for (rubbish, words) in [
        ("<html>", "cannot be read"),
        ("{}", "cannot be read"),
        (r#"{"spec":[]}"#, "cannot be read"),
        ("", "cannot be read"),
        (&endless, "too long"),
    ] {
        let (edition, reason) = answered(&[(OPERATOR, 200, rubbish)]).await;
        assert_eq!(edition, Edition::Unknown);
        assert!(reason.contains(words), "{reason}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_that_hangs_holds_nothing_up_for_longer_than_three_seconds() {
    let (home, cluster) = (Home::new(), Cluster::silent().await);
    let ui = start(&home, Some(&cluster.kubeconfig(home.path(), USER))).await;
    eventually("the cluster is reached", async || {
        (!cluster.asked().is_empty()).then_some(())
    })
    .await;
    let first: VersionInfo = ui.json("/api/version").await;
    assert!(first.pending && first.edition == Edition::Unknown, "{first:?}");
    let version = told(&ui).await;
    assert_eq!(version.reason.as_deref(), Some("the cluster gave no answer within 3 s"));
    // And it ends while one is being asked.
    let other = start(&Home::new(), Some(&cluster.kubeconfig(home.path(), USER))).await;
    let asked = Instant::now();
    assert!(other.interrupt().await.success());
    assert!(asked.elapsed() < Duration::from_secs(20));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_is_unknown() {
    let home = Home::new();
    // A port that was free a moment ago, and that nobody listens on.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let path = kubeconfig(home.path(), &format!("http://127.0.0.1:{port}"), USER);
    let (unknown, reason) = edition(&home, Some(&path)).await;
    assert_eq!(unknown, Edition::Unknown);
    assert!(
        reason.contains("cannot be reached") && reason.contains("refused"),
        "{reason}"
    );

    let cluster = Cluster::with_tls(&[(OPERATOR, 200, TEAMS)]).await;
    let (unknown, reason) = edition(&home, Some(&cluster.kubeconfig(home.path(), USER))).await;
    assert_eq!(unknown, Edition::Unknown);
    assert!(reason.contains("certificate"), "{reason}");
    assert_eq!(cluster.asked(), [], "no credentials for whom nobody vouches");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kubeconfig_is_oss_and_a_broken_one_is_not_repeated() {
    let home = Home::new();
    let oss = (Edition::Oss, String::new());
    assert_eq!(edition(&home, None).await, oss);
    assert_eq!(edition(&home, Some(&home.path().join("none"))).await, oss);
    let path = home.path().join("broken");
    for (text, words) in [
        ("", None),
        ("clusters: []", None),
        ("users: {very-secret", Some("not written as one")),
        ("very-secret", Some("not written as one")),
        (
            "contexts: [{name: a, context: {cluster: b, user: c}}]",
            Some("no current context"),
        ),
        (
            "current-context: x\ncontexts: [{name: a, context: {cluster: b}}]",
            Some("current context"),
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let (told, reason) = edition(&home, Some(&path)).await;
        assert_eq!(told == Edition::Oss, words.is_none(), "{text}: {reason}");
        assert!(
            reason.contains(words.unwrap_or_default()) && !reason.contains("secret"),
            "{reason}"
        );
    }
    let (unknown, reason) = edition(&home, Some(home.path())).await;
    assert!(unknown == Edition::Unknown && reason.contains("not a file"), "{reason}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_credential_plugin_is_run_and_ended() {
    let home = Home::new();
    let cluster = Cluster::start(&[(OPERATOR, 200, TEAMS)]).await;
    let plugin = |script: &str| {
        let script = script.replace('\'', "''");
        format!(
            "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: sh\n      \
             args: ['-c', '{script}']\n      env: [{{name: FROM_CONFIG, value: abc}}]"
        )
    };
    let gives = r#"case "$KUBERNETES_EXEC_INFO" in *'"interactive":false'*) ;; *) exit 3;; esac;
        printf '{"kind":"ExecCredential","status":{"token":"from-%s"}}' "$FROM_CONFIG""#;
    let gives = gives.replace('\n', " ");
    let path = cluster.kubeconfig(home.path(), &plugin(&gives));
    assert_eq!(edition(&home, Some(&path)).await, (Edition::Teams, String::new()));
    assert_eq!(cluster.asked()[0].1, "Bearer from-abc");

    for (script, words) in [
        ("echo very-secret; exit 4", "failed"),
        ("echo very-secret", "does not give credentials as JSON"),
    ] {
        let path = cluster.kubeconfig(home.path(), &plugin(script));
        let (unknown, reason) = edition(&home, Some(&path)).await;
        assert_eq!(unknown, Edition::Unknown);
        assert!(reason.contains(words) && !reason.contains("secret"), "{reason}");
    }
    // It and what it started end with the question.
    let pids = home.path().join("pids");
    let hangs = format!(
        "sleep 1000 & echo $$ $! > {0}.new; mv {0}.new {0}; wait",
        pids.display()
    );
    let path = cluster.kubeconfig(home.path(), &plugin(&hangs));
    let (_, reason) = edition(&home, Some(&path)).await;
    assert_eq!(reason, "the cluster gave no answer within 3 s");
    let pids = std::fs::read_to_string(pids).unwrap();
    for pid in pids.split_whitespace() {
        let stat = format!("/proc/{pid}/stat");
        eventually("a plugin's process has ended", async || {
            let stat = std::fs::read_to_string(&stat).unwrap_or_default();
            (stat.is_empty() || stat.contains(") Z ")).then_some(())
        })
        .await;
    }
    assert_eq!(cluster.asked().len(), 1, "nobody is asked without credentials");
    let provider = cluster.kubeconfig(
        home.path(),
        "    auth-provider: {name: gcp, config: {cmd-path: /bin/false}}",
    );
    assert!(edition(&home, Some(&provider)).await.1.contains("auth provider `gcp`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_no_cluster_nobody_is_asked_and_no_plugin_is_run() {
    let home = Home::new();
    let cluster = Cluster::start(&[(OPERATOR, 200, TEAMS)]).await;
    let mark = home.path().join("was-run");
    let plugin = format!(
        "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: touch\n      args: ['{}']",
        mark.display()
    );
    let mut command = home.mirrord(["ui", "--no-open", "--port", "0", "--no-cluster"]);
    command.env("KUBECONFIG", cluster.kubeconfig(home.path(), &plugin));
    let ui = Ui::spawn(command).await;
    let version = told(&ui).await;
    assert_eq!(version.edition, Edition::Unknown);
    assert!(version.reason.unwrap().contains("--no-cluster"));
    assert!(ui.interrupt().await.success());
    assert!(!mark.exists() && cluster.asked().is_empty());
}
