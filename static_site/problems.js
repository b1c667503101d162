// What is wrong with a form: a summary that takes focus and links to each field, and a sentence beside each field.
import { jumpTo } from "./jump.js";
import { make } from "./words.js";

/** Take all marks of an earlier try away. */
export function clearProblems(form) {
  document.getElementById("problems")?.remove();
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const field of form.querySelectorAll(".wrong")) field.classList.remove("wrong");
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    const kept = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => !id.endsWith("-error"));
    control.removeAttribute("aria-invalid");
    if (kept.join("")) control.setAttribute("aria-describedby", kept.join(" "));
    else control.removeAttribute("aria-describedby");
  }
}

/** Show a problem as the API tells it: `{detail, errors?: [{field, sentence}]}`. */
export function showProblems(form, problem, title) {
  clearProblems(form);
  const summary = make("div", { class: "problems", id: "problems", role: "alert", tabindex: "-1" });
  summary.append(make("h2", {}, title), make("p", {}, problem.detail));
  const list = make("ul");
  for (const { field, sentence } of problem.errors ?? []) {
    const target = document.getElementById(field.split(/[.[]/)[0]);
    if (target && form.contains(target)) list.append(mark(target, sentence));
    else list.append(make("li", {}, sentence));
  }
  if (list.children.length) summary.append(list);
  form.before(summary);
  summary.focus();
  summary.scrollIntoView({ block: "start" });
}

function mark(target, sentence) {
  const field = target.closest(".field") ?? target;
  const label = field.querySelector("legend, .label");
  const id = `${target.id}-error`;
  if (!document.getElementById(id)) {
    field.classList.add("wrong");
    (field.querySelector(":scope > .hint") ?? label).after(make("span", { class: "error", id }, sentence));
    describe(target, id);
  }
  const link = make("a", { href: `#${target.id}` }, label.textContent);
  link.addEventListener("click", (event) => {
    event.preventDefault();
    jumpTo(target);
  });
  return make("li", {}, link, `: ${sentence}`);
}

function describe(target, id) {
  target.setAttribute("aria-describedby", [target.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
  if (target.matches("input, select, textarea")) target.setAttribute("aria-invalid", "true");
}
