// Shows what is being written as people would see it, soon after each change. Without it, a button does.

const PAUSE = 300; // milliseconds without a key pressed
const form = document.querySelector("form[data-live-preview]");
const place = document.getElementById(form.dataset.livePreview);
let waiting = 0;
let asking = new AbortController();

form.addEventListener("input", () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(show, PAUSE);
});

async function show() {
  asking.abort();
  asking = new AbortController();
  const words = new FormData(form);
  words.set("preview", "live");
  try {
    const answer = await fetch(window.location.href, {
      method: "POST",
      body: words,
      redirect: "error", // to sign in, after a long pause
      signal: asking.signal,
    });
    if (answer.ok) {
      replace(await answer.text());
    }
  } catch {
    // Asked again meanwhile, or nobody answers: what is shown stays, and the next change asks again.
  }
}

/** The words of a letter stay open if they are being read. */
function replace(html) {
  const open = [...place.querySelectorAll("details")].map((each) => each.open);
  place.innerHTML = html;
  place.querySelectorAll("details").forEach((each, index) => {
    each.open = open[index] ?? false;
  });
}
