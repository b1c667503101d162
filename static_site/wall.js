// A wall turns its slides by itself, and takes up what was published since. Without this script all slides stand there.
const TURN_MS = 12_000;
const LOOK_MS = 300_000;
const MANIFEST = "/dashboard/manifest.json";
const box = document.getElementById("slides");
const slides = [...box.querySelectorAll(".slide")];
const pause = document.getElementById("pause");
const place = document.getElementById("place");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let current = 0;
let timer = null;
let stopped = false;
let version = null;

/** Show one slide; its number stands in the address, so that it is still there after a reload. */
function show(n) {
  current = (n + slides.length) % slides.length;
  slides.forEach((slide, k) => (slide.hidden = k !== current));
  place.textContent = `${current + 1} / ${slides.length}`;
  history.replaceState(null, "", `#${current + 1}`);
}

/** Turn by itself from now on, or no longer. While it does, nobody is read each slide aloud. */
function turnBy(itself) {
  clearInterval(timer);
  timer = itself ? setInterval(() => show(current + 1), TURN_MS) : null;
  pause.textContent = itself ? box.dataset.pause : box.dataset.play;
  box.setAttribute("aria-live", itself ? "off" : "polite");
}

function toggle() {
  stopped = timer !== null;
  turnBy(!stopped);
}

/** Go somewhere by hand; what turns by itself waits its full time again. */
function go(n) {
  show(n);
  turnBy(timer !== null);
}

function press(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowRight") go(current + 1);
  else if (event.key === "ArrowLeft") go(current - 1);
  else if (event.key === " " && !event.target.closest("button, a")) toggle();
  else return;
  event.preventDefault();
}

/** Read the manifest; a wall looks for longer than its pass lasts, so a new one is asked for. */
async function readManifest() {
  const read = () => fetch(MANIFEST, { cache: "no-store" });
  let answer = await read();
  if (answer.status === 403 && (await fetch("/api/pass")).ok) answer = await read();
  return answer.ok ? answer.json() : {};
}

/** Reload when something new was published, but not under the eyes of somebody who stopped to read. */
async function look() {
  try {
    const found = (await readManifest()).version ?? version;
    if (version && found !== version && !stopped) location.reload();
    if (!version) version = found;
  } catch {
    // A wall without a network goes on with what it has.
  }
}

document.getElementById("previous").addEventListener("click", () => go(current - 1));
document.getElementById("next").addEventListener("click", () => go(current + 1));
pause.addEventListener("click", toggle);
document.addEventListener("keydown", press);
document.body.classList.add("turning");
document.getElementById("controls").hidden = false;
show((Number.parseInt(location.hash.slice(1), 10) || 1) - 1);
turnBy(!still);
look();
setInterval(look, LOOK_MS);
