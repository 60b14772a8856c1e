// Writes tests/data/sms_parts.json: texts with the coding, units and parts that Twilio's own counter finds.
// In an empty folder: npm install sms-segments-calculator@1.3.0, then
// node .../tests/tools/sms_parts.js > .../tests/data/sms_parts.json
"use strict";

const { createRequire } = require("module");
const { SegmentedMessage } = createRequire(process.cwd() + "/")("sms-segments-calculator");

const BASIC = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCÄÖÑÜ§¿xyzäöñüà";
const EXTENSION = "^{}\\[~]|€";
const WIDE = "–”’çم1шł…\u00a0";
const PAIRS = ["😀", "🚌", "𝄞"];
const SIZES = [1, 66, 67, 68, 69, 70, 71, 133, 134, 135, 136, 152, 153, 154, 159, 160, 161, 162, 305, 306, 307, 308];

// mulberry32, so that the table is the same every time.
let seed = 20261124;
function random(below) {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
}
const one = (signs) => signs[random(signs.length)];
const many = (size, pick) => Array.from({ length: size }, pick).join("");

const texts = new Set(["", "Möte på fredag", "م".repeat(66) + "😀" + "م".repeat(66)]);
for (const sign of [...BASIC, ...EXTENSION, ...WIDE, ...PAIRS, "\f", "`", "ª"]) texts.add(sign);
for (const size of SIZES) {
  for (const sign of ["a", "€", "م", "😀"]) texts.add(sign.repeat(size));
  texts.add(many(size, () => one(BASIC)));
  texts.add(many(size, () => (random(8) ? one(BASIC) : one(EXTENSION))));
  texts.add(many(size - 1, () => one(BASIC)) + one(WIDE));
  texts.add(many(size, () => (random(6) ? one(WIDE) : one(PAIRS))));
  texts.add(many(size, () => one([...BASIC, ...EXTENSION, ...WIDE, ...PAIRS])));
  texts.add("a".repeat(size) + "€" + "a".repeat(152));
}
const cases = [...texts].map((text) => {
  const counted = new SegmentedMessage(text, "auto", false);
  const ucs2 = counted.getEncodingName() === "UCS-2";
  return [text, ucs2, counted.messageSize / (ucs2 ? 16 : 7), counted.segmentsCount];
});
const made = "made by tests/tools/sms_parts.js with sms-segments-calculator 1.3.0 (MIT, Twilio): [text, UCS-2, units, parts]";
const rows = cases.map((row) => JSON.stringify(row).replace(/[^ -~]/g, (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0")));
console.log(`{"made": ${JSON.stringify(made)},\n"cases": [\n${rows.join(",\n")}\n]}`);
