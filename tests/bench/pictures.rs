//! The pictures of the documents: the real page, with real programs behind it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use chromiumoxide::cdp::browser_protocol::page::CaptureScreenshotFormat;
use chromiumoxide::page::ScreenshotParams;
use mirrord_tests::browser::Tab;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::service::service;
use mirrord_tests::ui::Ui;

/// A small service: it reads its settings, looks names up, connects, listens, and starts a helper now and then.
const SERVICE: &str = r#"
import os, socket, subprocess, sys, threading, time
def question(name):
    return b"\x12\x34\x01\x00\x00\x01\0\0\0\0\0\0" + b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0\0\1\0\1"
def attempt(action):
    try: action()
    except OSError: pass
server = socket.socket(); server.bind(("127.0.0.1", 0)); server.listen(16); threading.Thread(target=lambda: [server.accept()[0].close() for _ in iter(int, 1)], daemon=True).start()
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
hosts = ["postgres.default.svc.cluster.local", "redis.cache.svc.cluster.local", "checkout.staging"]
files = ["/etc/hosts", "/etc/app/config.yaml", "/etc/app/feature-flags.json", "/etc/ssl/certs/ca-certificates.crt",
         "/var/run/secrets/kubernetes.io/serviceaccount/token", "/home/dev/checkout/src/routes.py", "/etc/localtime"]
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
print("ready", flush=True)
step = 0
while True:
    step += 1
    for file in files[: 1 + step % 7]: attempt(lambda: open(file).close())
    attempt(lambda: os.stat("/home/dev/checkout/static/%d.css" % (step % 40)))
    if step % 3 == 0: attempt(lambda: udp.sendto(question(hosts[step % len(hosts)]), ("127.0.0.1", 53)))
    if step % 4 == 0: attempt(lambda: socket.create_connection(server.getsockname(), 1).close())
    if step % 25 == 0: subprocess.run(["/bin/true"], env={})
    time.sleep(0.02 + 0.06 * (step // 40 % 2))
"#;

/// The name of a picture, the view's address, and what is there once it is shown.
const VIEWS: [(&str, &str, &str); 12] = [
    ("overview", "#/", "[data-testid='session-list']"),
    ("summary", "#/s/checkout/summary", "[data-testid='view-summary']"),
    ("events", "#/s/orders/events", "[data-testid='log-row']:not([hidden])"),
    ("files", "#/s/orders/files", "[data-testid='view-files']"),
    ("network", "#/s/orders/network", "[data-testid='view-network']"),
    ("ports", "#/s/orders/ports", "[data-testid='view-ports']"),
    (
        "environment",
        "#/s/orders/environment",
        "[data-testid='view-environment']",
    ),
    ("processes", "#/s/orders/processes", "[data-testid='view-processes']"),
    ("config", "#/s/orders/config", "[data-testid='view-config']"),
    ("stats", "#/s/checkout/stats", "[data-testid='view-stats']"),
    (
        "merged",
        "#/m/checkout,payments",
        "[data-testid='log-row']:not([hidden])",
    ),
    ("settings", "#/settings", "main"),
];

pub(crate) async fn run() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("there is no checkout")?
        .join("docs/pictures");
    std::fs::create_dir_all(&folder)?;
    let home = Home::new();
    let python = |name: &str| {
        let script = home.path().join(name);
        std::fs::write(&script, SERVICE).map(|()| script.display().to_string())
    };
    let ui = Ui::start(&home).await;
    empty(&ui, &folder).await?;
    let python3 = crate::overhead::interpreter().await?;
    let mut programs = Vec::new();
    for (id, script) in [
        ("checkout", "server.py"),
        ("payments", "worker.py"),
        ("auth", "manage.py"),
    ] {
        let script = python(script)?;
        // A session shows the folder that its program was started in.
        let folder = Path::new("/tmp/shop").join(id);
        std::fs::create_dir_all(&folder)?;
        std::env::set_current_dir(&folder)?;
        let target = format!("deployment/{id}");
        let command = [&python3, &script, "-v"];
        let mut program = Program::start_with(&home, id, &["--target", &target], &command).await;
        program.line().await;
        programs.push(program);
    }
    let mut shop = explained(&home, &python3).await?;
    for scheme in ["light", "dark"] {
        let tab = Tab::open(1440, 900).await;
        tab.prefer(scheme).await;
        tab.goto(&ui.url()).await;
        tab.click("[data-session-id='shop']").await;
        tab.shows("view-summary", "SIGABRT").await;
        settle(&tab, 2_400).await;
        save(&tab, folder.join(format!("summary-{scheme}.png"))).await?;
        tab.click("[data-session-id='checkout']").await;
        tab.click("[data-testid='tab-events']").await;
        settle(&tab, 2_400).await;
        save(&tab, folder.join(format!("session-{scheme}.png"))).await?;
        tab.click("[data-testid='pause']").await;
        tab.click("[data-testid='log-row']:nth-of-type(12)").await;
        settle(&tab, 2_400).await;
        save(&tab, folder.join(format!("event-{scheme}.png"))).await?;
        tab.close().await;
    }
    let tab = Tab::open(390, 844).await;
    tab.goto(&ui.url()).await;
    tab.shows("session-list", "server.py").await;
    save(&tab, folder.join("phone-list.png")).await?;
    tab.click("[data-session-id='shop']").await;
    settle(&tab, 2_400).await;
    save(&tab, folder.join("phone-session.png")).await?;
    tab.close().await;
    end(&mut shop).await?;
    let _orders = service(&home, "orders");
    gallery(&ui, &folder.join("views")).await?;
    std::env::set_current_dir("/")?;
    Ok(std::fs::remove_dir_all("/tmp/shop")?)
}

/// Starts the example in which everything goes wrong that the page explains.
async fn explained(home: &Home, python: &str) -> Result<Program> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/shop");
    let folder = Path::new("/tmp/shop/orders");
    std::fs::create_dir_all(folder.join("etc"))?;
    for file in ["shop.py", "etc/shop.toml"] {
        std::fs::copy(example.join(file), folder.join(file))?;
    }
    std::env::set_current_dir(folder)?;
    Ok(Program::start_with(home, "shop", &["--name", "orders"], &[python, "shop.py"]).await)
}

/// Ends a program by the signal that a terminal's end would send, and waits for it.
async fn end(program: &mut Program) -> Result<()> {
    let pid = program.child.id().context("it has ended")?;
    std::process::Command::new("kill").arg(pid.to_string()).status()?;
    program.child.wait().await?;
    Ok(())
}

/// Every view, in both themes, at two widths.
async fn gallery(ui: &Ui, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for (width, height) in [(1440, 900), (390, 844)] {
        for scheme in ["light", "dark"] {
            let tab = Tab::open(width, height).await;
            tab.prefer(scheme).await;
            tab.goto(&ui.url()).await;
            tab.shows("session-list", "orders").await;
            for (name, place, ready) in VIEWS {
                tab.follow(place).await;
                tab.becomes(&format!("document.querySelector(\"{ready}\")?.offsetHeight > 0"))
                    .await;
                let format = ScreenshotParams::builder()
                    .format(CaptureScreenshotFormat::Webp)
                    .quality(70)
                    .build();
                let picture = tab.page().screenshot(format).await?;
                let path = folder.join(format!("{name}-{scheme}-{width}.webp"));
                println!("{}: {} bytes", path.display(), picture.len());
                std::fs::write(&path, picture).with_context(|| format!("cannot write {}", path.display()))?;
            }
            tab.close().await;
        }
    }
    Ok(())
}

async fn empty(ui: &Ui, folder: &Path) -> Result<()> {
    let tab = Tab::at(&ui.url()).await;
    tab.shows("empty-state", "mirrord").await;
    save(&tab, folder.join("empty.png")).await?;
    tab.goto(&format!(
        "http://{}/",
        ui.address.to_string().replace("127.0.0.1", "localhost")
    ))
    .await;
    tab.shows("signed-out", "mirrord").await;
    save(&tab, folder.join("signed-out.png")).await?;
    tab.close().await;
    Ok(())
}

/// Waits until this many file operations are counted, so that a picture shows something.
async fn settle(tab: &Tab, events: u32) {
    let counted = "Number(byTestId('type-filter-FileOp')?.innerText.replace(/[^0-9]/g, '') || 0)";
    tab.becomes(&format!("{counted} >= {events}")).await;
    tab.becomes("document.fonts.status === 'loaded'").await;
}

async fn save(tab: &Tab, path: PathBuf) -> Result<()> {
    let picture = tab.screenshot().await;
    println!("{}: {} bytes", path.display(), picture.len());
    std::fs::write(&path, picture).with_context(|| format!("cannot write {}", path.display()))
}
