// How a win will appear and to whom, while it is written. Nothing leaves the page for it.
import { byline, storyCard } from "./card.js";
import { read } from "./fields.js";
import { sayDay } from "./words.js";

const labelOf = (control) => control.closest("label").querySelector("[data-name]").textContent;

function tags(form, goals) {
  const checked = (name) => [...form.querySelectorAll(`input[name=${name}]:checked`)];
  const named = goals.map((goal) => [...form.elements.goals.options].find((option) => option.value === goal)?.text);
  const groups = checked("groups").filter((group) => !("small" in group.dataset));
  const use = form.elements.practices.selectedOptions[0];
  const practice = use?.value ? use.parentElement.label + (use.dataset.level ? ` (${use.dataset.level})` : "") : "";
  return [...named, ...checked("signs").map(labelOf), ...groups.map(labelOf), practice].filter(Boolean);
}

function goalsOf(form, fields) {
  const ofSigns = [...form.querySelectorAll("input[name=signs]:checked")].map(
    (sign) => sign.closest("[data-goal]").dataset.goal,
  );
  return [...new Set([...fields.goals, ...ofSigns])];
}

/** The school's day, wherever the phone is: the day under which the win will stand. */
const today = (zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date());

/** Show the win as it stands, with who will read it. */
export function showLook(form, words) {
  const look = form.querySelector("#look");
  const fields = read(form);
  look.hidden = !fields.story.trim();
  if (look.hidden) return;
  const named = fields.author_mode === "named";
  const team = form.elements.team.selectedOptions[0];
  const shownTeam = team?.value && (named || !("small" in team.dataset)) ? team.text : "";
  const story = {
    ...fields,
    tags: tags(form, goalsOf(form, fields)),
    byline: byline(words, named ? fields.author_name.trim() : "", shownTeam),
    day: sayDay(words, today(form.dataset.zone)),
  };
  form.querySelector("#look-card").replaceChildren(storyCard(words, story));
  const note = words[`author_note.${fields.author_mode}`] ?? "";
  form.querySelector("#look-note").textContent = `${words["seen_by.visible"]} ${note}`;
}
