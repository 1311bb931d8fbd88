"use strict";
// The pages before sign-in: posts what was typed, or the ticket in the address, and goes on to the page. What it says
// stands in the page's `data-` attributes, in the language of the page.
const problem = document.getElementById("problem");

function told(status, wait) {
  const { dataset } = problem;
  if (status === 429) return dataset["429"].replace("{0}", wait || "…");
  return status === 401 ? dataset["401"] : dataset.other.replace("{0}", status);
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
    problem.textContent = problem.dataset.away;
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
  else problem.textContent = problem.dataset.none;
}
