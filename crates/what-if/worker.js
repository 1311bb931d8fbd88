// Starts the Worker of "what if": the page creates it under this name when that is opened. Trunk gives a Worker's files no
// hash in their names, so that the server has them asked for again each time.
importScripts("mirrord-what-if.js");
wasm_bindgen({ module_or_path: "mirrord-what-if_bg.wasm" });
