// Shows that the page has stopped, once. After a panic or a trap (a stack overflow, no memory) no Rust may run any more: this is
// JavaScript alone, and shows the dialog of components/stopped.rs, which is in the page from the start.
{
  let stopped = false;
  const details = () => [navigator.userAgent, location.pathname, new Date().toISOString()].join("\n");
  globalThis.showStopped = (message) => {
    if (stopped) return;
    stopped = true;
    const report = message + "\n\n" + details();
    const dialog = document.getElementById("stopped");
    // Before the page is there, or while it is made again.
    if (!dialog) return void (document.body.textContent = "The page has stopped. Reload it.\n" + report);
    dialog.querySelector("pre").textContent = report;
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.querySelector("[data-act=reload]").addEventListener("click", () => location.reload());
    dialog.querySelector("[data-act=copy]").addEventListener("click", () => {
      getSelection().selectAllChildren(dialog.querySelector("pre"));
      navigator.clipboard?.writeText(report).catch(() => {});
    });
    dialog.showModal();
  };
  const trapped = (error) => error instanceof WebAssembly.RuntimeError && showStopped(String(error.stack ?? error));
  addEventListener("error", (event) => trapped(event.error));
  addEventListener("unhandledrejection", (event) => trapped(event.reason));
}
