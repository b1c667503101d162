// Which words are names: a small file of hashes (infra/device_names.py tells its form), fetched once somebody types.

const MAGIC = "small-wins names on the device 1\n";
const SETS = [
  ...["sure", "inside", "beside", "small", "figure", "title", "naming", "greeting", "people", "act", "deed"],
  ...["organisation", "surname", "place", "start", "thing", "pet", "particle", "nobody", "field", "weak", "month"],
];

/** What a word can be; a word may be several. */
export const IS = Object.fromEntries(SETS.map((name, at) => [name, 1 << at]));

const LETTERS = { ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe", ı: "i" };

/** Write a word as names are compared: no case, no accents. */
export function fold(word) {
  const small = word.toLowerCase();
  if (/^[a-z' -]*$/.test(small)) return small;
  return small.replace(/[øłđðþßæœı]/g, (letter) => LETTERS[letter]).normalize("NFKD").replace(/\p{M}/gu, "");
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});
const UTF8 = new TextEncoder();

function hashOf(word) {
  let hash = 0xffffffff;
  for (const byte of UTF8.encode(word)) hash = CRC[(hash ^ byte) & 255] ^ (hash >>> 8);
  return (hash ^ 0xffffffff) >>> 0;
}

/** Give the sorted numbers of one set; the view begins after its count and parameters. */
function* decoded(bytes, count, rest) {
  let [at, before] = [0, -1];
  const bit = () => (bytes[at >> 3] >> (7 - (at++ & 7))) & 1;
  for (let n = 0; n < count; n += 1) {
    let gap = 0;
    while (bit()) gap += 1;
    for (let left = rest; left; left -= 1) gap = gap * 2 + bit();
    before += gap + 1;
    yield before;
  }
}

/** Read the file; returns what tells of a folded word all that it `IS`. */
export function readNames(buffer) {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  let at = MAGIC.length;
  const [width, sets] = [bytes[at], bytes[at + 1]];
  if (new TextDecoder().decode(bytes.subarray(0, at)) !== MAGIC || sets !== SETS.length) throw new Error("another version");
  const facts = new Uint32Array(2 ** width);
  at += 2;
  for (let set = 0; set < sets; set += 1) {
    const [count, rest, length] = [view.getUint32(at, true), bytes[at + 4], view.getUint32(at + 5, true)];
    at += 9;
    for (const hash of decoded(bytes.subarray(at, at + length), count, rest)) facts[hash] |= 1 << set;
    at += length;
  }
  return (folded) => facts[hashOf(folded) >>> (32 - width)];
}

/** Fetch the file. */
export async function fetchNames() {
  const answer = await fetch("/assets/names.bin");
  if (!answer.ok) throw new Error("no names");
  return readNames(await answer.arrayBuffer());
}
