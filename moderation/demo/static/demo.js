// Comfort only: every step also works without this file.

const parent = document.querySelector("#leave [name=parent_id]");
const answering = document.getElementById("answering");

function answer(id, name) {
  parent.value = id;
  document.getElementById("answering-name").textContent = name;
  answering.hidden = !id;
  document.getElementById("text").focus();
  document.getElementById("leave").scrollIntoView();
}

document.addEventListener("click", (event) => {
  const reply = event.target.closest("a.reply");
  if (reply) answer(reply.dataset.parent, reply.dataset.name);
  else if (event.target.id === "answering-nobody") answer("", "");
  else return;
  event.preventDefault();
});

// A second press of the button would make a second comment.
document.getElementById("leave").addEventListener("submit", (event) => {
  event.target.querySelector("button").disabled = true;
});
window.addEventListener("pageshow", () => {
  document.querySelector("#leave button").disabled = false;
});

// While a decision is awaited, read the page again and take over what has changed.
async function refresh() {
  const response = await fetch(location.pathname, { credentials: "same-origin" });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of ["yours", "thread"]) {
    const now = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes);
  }
  document.getElementById("yours").toggleAttribute(
    "data-waiting", fresh.getElementById("yours").hasAttribute("data-waiting"));
}

let pause = 300;
async function watch() {
  if (!document.getElementById("yours").hasAttribute("data-waiting")) return;
  try { await refresh(); } catch { /* the network went; try again */ }
  pause = Math.min(pause * 1.3, 5000);
  setTimeout(watch, pause);
}
setTimeout(watch, pause);
