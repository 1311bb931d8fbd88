"use strict";
// The pages before sign-in: posts what was typed, or the ticket in the address, and goes on to the page.
const problem = document.getElementById("problem");

function told(status, wait) {
  if (status === 429) return `Too many attempts. Try again in ${wait || "some"} seconds.`;
  if (status === 401) return document.getElementById("pair")
    ? "This code is used up or too old. Make a new one on the desktop."
    : "User name or password is wrong.";
  return `That did not work (${status}).`;
}

async function post(path, body) {
  problem.textContent = "";
  try {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) location.replace("/");
    else problem.textContent = told(answer.status, answer.headers.get("retry-after"));
  } catch {
    problem.textContent = "The machine cannot be reached.";
  }
}

const form = document.getElementById("sign-in");
if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    post("/mirror/sign-in", { username: form.username.value, password: form.password.value });
  });
}
if (document.getElementById("pair")) {
  const ticket = location.hash.slice(1);
  // Out of the address bar and the history before anything else.
  history.replaceState(null, "", "/mirror/pair");
  if (ticket) post("/mirror/pair", { ticket });
  else problem.textContent = "There is no code in this address. Scan it again.";
}
