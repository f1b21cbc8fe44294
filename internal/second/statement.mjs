// Statements: what both parties, or one of them, signed as a text of its own.
import { isUtf8 } from 'node:buffer';
import { bad, ed25519, key, keyHash, note, sha, text as str } from './base.mjs';
import { instant } from './things.mjs';

export const FIRST = 'parley/statement/v1\n';
const MAX = 64 << 10, HEX = /^[0-9a-f]{64}$/, NAME = /^[a-z0-9-]{1,32}$/;
const LANGUAGE = /^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*$/;
const HIDDEN = /[\p{Cc}\u2028\u2029\ufffd]|(?![\u200c-\u200f])\p{Cf}|(?![ \u00a0\u202f])\p{White_Space}/u;

/** shape checks that a value has the members of a list, in this order and no other. */
function shape(v, names) {
  if (v === null || typeof v !== 'object' || Array.isArray(v) || Object.keys(v).join(' ') !== names) bad('members');
  return v;
}
const list = (v, least, most) => (Array.isArray(v) && v.length >= least && v.length <= most ? v : bad('a list'));

/** visible checks a text that looks the same to everyone. */
function visible(s, most, lines) {
  if (typeof s !== 'string' || s === '' || Buffer.byteLength(s) > most) bad('a text is empty or too long');
  if (s.normalize('NFC') !== s) bad('a text is not in normal form C');
  if (HIDDEN.test(lines ? s.replaceAll('\n', '') : s)) bad('a text holds what cannot be seen');
}

function standing(form, names) {
  return form === 'joint'
    ? `Agreed only with the signatures of both ${names[0]} and ${names[1]}; with one of them it is a proposal and not jointly agreed.`
    : `Not jointly agreed: stated by ${names[0]} alone.`;
}

function says(text) {
  const body = text.toString('utf8').slice(FIRST.length);
  let s;
  try { s = JSON.parse(body); } catch { bad('not JSON'); }
  shape(s, 'form standing line parties date title texts about corrects withdraws');
  if (JSON.stringify(s, null, 2) + '\n' !== body) bad('not in the one encoding');
  const parties = list(s.parties, 1, 2).map((p) => {
    shape(p, 'name party_key');
    return NAME.test(str(p.name)) ? { name: p.name, key: key(str(p.party_key)) } : bad('a party has no name');
  });
  if (parties.length !== { joint: 2, 'one-sided': 1 }[str(s.form)]) bad('form and parties');
  const [a, b] = parties;
  if (b && (a.name === b.name || a.key.text === b.key.text)) bad('one party twice');
  if (s.standing !== standing(s.form, parties.map((p) => p.name))) bad('standing is not the sentence of its form');
  if (!HEX.test(str(s.line))) bad('line');
  const year = new Date(instant(str(s.date))).getUTCFullYear();
  if (year < 2000 || year > 9000) bad('date');
  for (const id of [s.corrects, s.withdraws]) if (str(id) !== '' && !HEX.test(id)) bad('corrects or withdraws');
  if (s.corrects && s.withdraws) bad('corrects and withdraws');
  visible(s.title, 200, false);
  for (const x of list(s.about, 0, 100)) visible(x, 200, false);
  const languages = new Set();
  for (const t of list(s.texts, 1, 16)) {
    shape(t, 'language text');
    if (!LANGUAGE.test(str(t.language)) || languages.has(t.language)) bad('language');
    languages.add(t.language);
    visible(t.text, 16 << 10, true);
  }
  return { form: s.form, parties };
}

/** statement reads a signed statement and says whether both signed it. */
export function statement(bytes) {
  if (bytes.length > MAX) bad('a statement is too large');
  if (!isUtf8(bytes)) bad('not UTF-8');
  if (bytes.subarray(0, FIRST.length).toString('latin1') !== FIRST) bad('not a statement');
  const n = note(bytes), s = says(n.text), signed = [];
  let from = 0;
  for (const { name, hash, sig } of n.sigs) {
    const i = s.parties.findIndex((p, j) => j >= from && name === 'parley/party/' + p.name);
    if (i < 0) bad('a signature by nobody that it names, or out of order');
    const p = s.parties[i];
    if (hash !== keyHash(name, 1, p.key) || !ed25519(p.key, n.text, sig)) bad(`the signature of ${p.name} does not hold`);
    signed.push(p);
    from = i + 1;
  }
  return { id: sha(n.text).toString('hex'), agreed: s.form === 'joint' && signed.length === 2, signed };
}
