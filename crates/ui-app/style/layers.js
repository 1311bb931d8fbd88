// Loads the layers of the page's wasm, whose names the build wrote into a meta element; none where it was not split.
// A layer takes memory, table and functions from those below it, and puts its own functions into the table.
var layers = {
  names: document.querySelector("meta[name=layers]").content.split(" ").filter(Boolean),
  // Each layer's module, as a promise; forgotten when it fails, so that it can be asked for again.
  modules: [],
  linked: 0,
  below: {},
  begin(exports) {
    this.below = { ...exports };
  },
  has(layer) {
    return this.linked >= Math.min(layer, this.names.length);
  },
  module(number) {
    const loading = (this.modules[number] ??= WebAssembly.compileStreaming(fetch(this.names[number])));
    loading.catch(() => delete this.modules[number]);
    return loading;
  },
  link(number, instance) {
    // Twice is harmless: a layer has nothing of its own but code.
    if (number !== this.linked) return;
    Object.assign(this.below, instance.exports);
    this.linked++;
    // The page is told in a task of its own: it may be in the middle of a call.
    queueMicrotask(() => dispatchEvent(new Event("layer")));
  },
  async load(layer) {
    const modules = this.names.slice(0, layer).map((_, number) => number >= this.linked && this.module(number));
    for (const [number, module] of modules.entries()) {
      if (number >= this.linked) this.link(number, await WebAssembly.instantiate(await module, { m: this.below }));
    }
  },
  // In the middle of a call: what was not asked for in time is loaded while everything waits.
  need(layer) {
    while (!this.has(layer)) {
      const number = this.linked;
      console.warn("the page waits for " + this.names[number]);
      const request = new XMLHttpRequest();
      request.open("GET", this.names[number], false);
      request.overrideMimeType("text/plain; charset=x-user-defined");
      request.send();
      if (request.status !== 200) throw new Error(this.names[number] + ": " + request.status);
      const bytes = Uint8Array.from(request.responseText, (character) => character.charCodeAt(0) & 255);
      this.link(number, new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: this.below }));
    }
  },
};
