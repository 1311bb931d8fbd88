// Starts the page. In place of Trunk's own script, which stands in the HTML, where the page's CSP allows none. The names are
// those that Trunk has the browser preload.
const preloaded = (selector) => document.querySelector(selector).href;
const page = await import(preloaded("link[rel=modulepreload]"));
await page.default({ module_or_path: preloaded("link[rel=preload][as=fetch]") });
