// Makes a passkey, or signs in with one: asks the device what the page wants to know, and posts its answer.
// Without it, or in a browser that cannot, the page offers its other ways.

const form = document.querySelector("form[data-passkey]");
const reads = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" };

if (form && window.PublicKeyCredential?.[reads[form.dataset.passkey]]) {
  form.hidden = false;
  document.querySelectorAll("[data-without-passkey]").forEach((each) => (each.hidden = true));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer().catch(showFailure);
  });
}

async function answer() {
  const kind = form.dataset.passkey;
  const asked = await ask();
  const publicKey = PublicKeyCredential[reads[kind]](asked.publicKey);
  const credential = await navigator.credentials[kind]({ publicKey });
  form.elements.credential.value = JSON.stringify(credential.toJSON());
  form.submit();
}

/** What to ask the device: it stands in the page, or is fetched when it is wanted. */
async function ask() {
  const inPage = document.getElementById("passkey-options");
  if (inPage) {
    return JSON.parse(inPage.textContent);
  }
  const response = await fetch(form.action, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  return (await response.json()).request_options;
}

function showFailure() {
  const message = form.querySelector("[data-passkey-failed]");
  message.hidden = false;
  message.focus();
}
