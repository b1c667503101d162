// What in a text has the form of a way to somebody: mail, link, number, address. The school's guard looks closer.

const MAIL = /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})*/gu;
const SPELT = /[\w.+-]{1,40} ?(?:[([{<]at[)\]}>]| at | arroba ) ?[\w-]{1,40} ?(?:[([{<](?:dot|punto)[)\]}>]| (?:dot|punto) ) ?(?:com|org|net|edu|gov|es|mx)\b/gi;
const LINK = /\b(?:https?:\/\/|www\.)[^\s<>"'[\]{}|]{2,500}|(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:com|org|net|edu|gov|io|info|biz|app|dev|tv|xyz|k12|uk|us|mx|es|ca|eu|ly|gl)(?![\w@-])(?:\/[^\s<>"']{0,500})?/gi;

const SURE_ID = /(?<![\w.-])\d{3}([-. ])\d{2}\1\d{4}(?![\w-])|\b[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]\d)|(?<![\w.@/-])(?=[A-Z0-9-]{0,30}[A-Z])(?=(?:[A-Z-]{0,30}\d){5})[A-Z0-9]{2,}(?:-[A-Z0-9]+){0,4}(?![\w@])/g;
const LABELLED_ID = /\b(?:ssn|mrn|npi|dni|nie|curp|ids?|pin|student|pupil|patient|member|medical|record|account|acct|card|lunch|badge|locker|case|passport|licen[cs]e|alumn[oa]|matr[ií]cula|expediente|cuenta|pasaporte|tarjeta)(?: (?:id|card|record|account|number|no|n[uú]mero))*\.?[\s:#.(=-]{1,4}(?:(?:is|es|was|no|number|n[uú]mero)\b\.?[\s:#.-]{0,3})?([a-z]{0,5}[-#]?\d[\da-z-]{3,20})\b/giu;

const DIGITS = /(?<![\w-])(?<!\d[.,:/])(?:\+ ?|00 ?)?[([]?\d(?:[ ().\-/[\]•·]{0,3}\d){5,24}(?!\d)(?:,? ?(?:x|ext\.?|#) ?\d{1,6}\b)?/giu;
const CALLED = /\b(?:call|phone|tel|tel[eé]fono|cell|celular|mobile|m[oó]vil|fax|text|dial|ring|reach|contact|llam[aeoó]|whatsapp|sms|number is|n[uú]mero es|mom|mum|dad|mam[aá]|pap[aá]|parents?|guardian)\p{L}*[^.!?\n]{0,40}$/iu;
const IDENTIFIED = /\b(?:ssn|social|mrn|npi|record|patient|licen[cs]e|passport|pasaporte|member|account|acct|cuenta|student|alumn[oa]|matr[ií]cula|id|iban|card|tarjeta|badge|locker|lunch|case|pin)\b[^.!?\n]{0,25}$/iu;
const DATE = /^(?:\d{1,2}([-./ ])\d{1,2}\1(?:19|20)?\d{2}|(?:19|20)\d\d([-./ ])\d{1,2}\2\d{1,2}|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d|(?:19|20)\d\d[01]\d[0-3]\d)(?: ?- ?[\d/.-]+)?$/;

const NUMBER = "(?<![\\w.,/-])\\d{1,6}(?:/\\d{1,4})?[A-Za-z]?,? (?:\\d{1,5} )?";
const STREETS = "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Terrace|Ter|Highway|Hwy|Parkway|Pkwy|Way|Circle|Cir|Square|Sq|Trail|Trl|Alley|Crescent|Loop|Row|Pike|Path|Plaza";
const NAMED = "(?:\\p{Lu}|\\d{1,3}(?:st|nd|rd|th))[\\p{L}\\d'.’-]{0,24}";
const ADDRESSES = [
  new RegExp(`${NUMBER}(?:[NSEW]\\.? )?(?:${NAMED} ){1,4}?(?:${STREETS})\\b\\.?(?:,? (?:apt|apartment|suite|ste|unit|#)\\.? ?#?\\w{1,5}\\b)?`, "gu"),
  new RegExp(`${NUMBER}(?:[\\p{L}\\d'.’-]{1,24} ){1,3}?(?:street|avenue|boulevard|blvd|road|lane|terrace|highway)\\b`, "giu"),
  /(?<!\p{L})(?:calle|avenida|avda|callej[oó]n|carrera|calzada|camino|paseo|pasaje|rua|rue|via|av)\.? (?:[\p{L}\d'.’-]{1,24},? ){1,5}?(?:#|n[uú]m\.?|no\.?|n[º°])? ?\d{1,5}[a-z]?\b/giu,
  /\b(?:p\.? ?o\.? ?box|post(?:al)? box|apartado(?: postal)?|apdo\.?|casilla) ?\d{1,6}\b/giu,
  /\b(?:apt|apartment|apto|depto|dpto)\.? ?#?\d{1,5}[a-z]?\b/giu,
  /(?<=\b(?:lives? (?:at|on)|address(?: is|:)|vive en|direcci[oó]n(?: es|:))\s{1,3})\d{1,6},? \p{L}[\p{L}'.’-]{1,24}(?: \p{Lu}[\p{L}'.’-]{1,24}){0,3}/giu,
];
const COUNTED = /\b(?:minutes?|hours?|days?|weeks?|months?|years?|students?|kids|children|times?|points?|percent|books?|pages?|grade|people|more|of|and|the|in|my|to|this|that|their|our|alumn[oa]s|niñ[oa]s|minutos|horas|d[ií]as|veces|p[aá]ginas?)\b/iu;

const found = (type, one, at = one.index, text = one[0]) => ({ type, start: at, end: at + text.length });

function* numbers(text) {
  for (const one of text.matchAll(DIGITS)) {
    const type = kindOf(one[0], text.slice(Math.max(0, one.index - 60), one.index));
    if (type) yield found(type, one);
  }
}

/** Tell a phone from an id by how its digits are grouped and by what is said before; null for what counts something. */
function kindOf(run, before) {
  const parts = run.replace(/,? ?(?:x|ext|#).*$/i, "").match(/\d+/g);
  const digits = parts.join("").length;
  if (DATE.test(run) || counts(run, parts)) return null;
  const [called, identified] = [CALLED.exec(before), IDENTIFIED.exec(before)];
  if (digits > 15) return Math.max(...parts.map((part) => part.length)) > 3 ? "ID" : null;
  if (identified && (!called || identified.index > called.index)) return "ID";
  if (called || run.startsWith("+")) return "PHONE";
  if (digits < 7) return null;
  if (parts.length === 1) return digits === 10 || /^0\d{8}|^1\d{10}$/.test(run) ? "PHONE" : digits >= 8 ? "ID" : null;
  const sizes = parts.map((part) => part.length).join();
  if (/^[48],?4,4/.test(sizes) && digits > 11) return "ID";
  if (sizes === "3,4" || sizes === "4,4") return parts[0] >= "2" && /[- ]/.test(run) ? "PHONE" : null;
  const marks = run.includes(" ") && Math.max(...parts.map((part) => part.length)) < 3 && run[0] !== "0";
  return digits >= 8 && !marks && !/^\d+(?:\.\d+)? \d+\.\d/.test(run) ? "PHONE" : null;
}

/** Tell whether numbers are told one after another: years, a series, round numbers. */
function counts(run, parts) {
  const values = parts.map(Number);
  if (parts.length === 1) return /000$/.test(run) || "0123456789".includes(run);
  const steps = new Set(values.slice(1).map((value, at) => value - values[at]));
  return (
    (values.length > 2 && steps.size === 1) ||
    values.every((value) => value >= 1400 && value < 2100) ||
    values.every((value, at) => value && value % 50 === 0 && parts[at].length > 2)
  );
}

function* addresses(text) {
  for (const pattern of ADDRESSES) {
    for (const one of text.matchAll(pattern)) if (!COUNTED.test(one[0])) yield found("ADDRESS", one);
  }
}

function* labelled(text) {
  for (const one of text.matchAll(LABELLED_ID)) {
    const told = one[1].replace(/\D/g, "");
    if (told.length < 4 || /^(?:19|20)\d\d$/.test(one[1]) || DATE.test(one[1])) continue;
    yield found("ID", one, one.index + one[0].length - one[1].length, one[1]);
  }
}

/** List what has the form of a contact: `{type, start, end}`; the first of two that overlap is right. */
export function findContacts(text) {
  const all = [];
  for (const [pattern, sign] of [[MAIL, /@/], [SPELT, /dot|punto/i]]) {
    if (sign.test(text)) all.push(...[...text.matchAll(pattern)].map((one) => found("EMAIL", one)));
  }
  for (const one of /[a-z0-9]\.[a-z]|:\/\//i.test(text) ? text.matchAll(LINK) : []) {
    all.push(found("URL", one, one.index, one[0].replace(/[.,;:!?)]+$/, "")));
  }
  if (!/\d/.test(text)) return all;
  all.push(...addresses(text), ...[...text.matchAll(SURE_ID)].map((one) => found("ID", one)));
  return [...all, ...numbers(text), ...labelled(text)];
}
