// This page stands where the dashboard would: it asks for a pass and comes back, and stops where that does not help.
const KEY = "small-wins/asked-for-pass";
const MOST = 3;
const SOON_MS = 10_000;
const pass = new URL("/api/pass", location.origin);

if (/^\/dashboard(-leaders)?\//.test(location.pathname)) pass.searchParams.set("to", location.pathname + location.search);
pass.hash = location.hash;
document.getElementById("go").href = pass.href;

/** Whether this tab asked often enough a moment ago. */
function askedInVain() {
  try {
    const before = JSON.parse(sessionStorage.getItem(KEY) ?? "[]").filter((time) => Date.now() - time < SOON_MS);
    sessionStorage.setItem(KEY, JSON.stringify([...before, Date.now()]));
    return before.length >= MOST;
  } catch {
    return true;
  }
}

if (!askedInVain()) location.replace(pass);
