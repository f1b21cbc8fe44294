// The word of a host: a third party whose ground or sky it is.
import { isUtf8 } from 'node:buffer';
import { Bad, bad, ed25519, key, keyHash, note, sha, text as str } from './base.mjs';
import { instant } from './things.mjs';

const FIRST = 'parley/consent/v1\n', MAX = 4096;
const HEX = /^[0-9a-f]{64}$/, NAME = /^[a-z0-9-]{1,32}$/;
const HIDDEN = /[\p{Cc}\u2028\u2029\ufffd]|(?![\u200c-\u200f])\p{Cf}/u;

const time = (s) => {
  const at = instant(str(s)), year = new Date(at).getUTCFullYear();
  return year < 2000 || year > 9000 ? bad('a time of another age') : at;
};

/** consent reads what a host signed. Whether the agreement names the host and its key is not looked at. */
export function consent(bytes) {
  if (bytes.length > MAX || !isUtf8(bytes)) bad('too large, or not UTF-8');
  const n = note(bytes), text = n.text.toString('utf8');
  if (!text.startsWith(FIRST)) bad('not a consent');
  const body = text.slice(FIRST.length);
  let c;
  try { c = JSON.parse(body); } catch { bad('not JSON'); }
  const names = 'line agreement host host_key says date from until text';
  if (c === null || typeof c !== 'object' || Array.isArray(c) || Object.keys(c).join(' ') !== names) bad('members');
  if (JSON.stringify(c, null, 2) + '\n' !== body) bad('not in the one encoding');
  for (const v of Object.values(c)) str(v);
  if (!HEX.test(c.line) || !HEX.test(c.agreement) || !NAME.test(c.host)) bad('line, agreement or host');
  const host = key(c.host_key);
  time(c.date);
  if (c.says === 'withdraws') {
    if (c.from !== '' || c.until !== '') bad('a withdrawal counts from its date');
  } else if (c.says === 'consents') {
    const from = time(c.from);
    if (c.until !== '' && time(c.until) <= from) bad('until is not after from');
  } else bad('says');
  if (Buffer.byteLength(c.text) > 500 || HIDDEN.test(c.text)) bad('text');
  const name = 'parley/party/' + c.host;
  if (n.sigs.length !== 1 || n.sigs[0].name !== name || n.sigs[0].hash !== keyHash(name, 1, host)) bad('not signed by its host alone');
  if (!ed25519(host, n.text, n.sigs[0].sig)) bad('the signature does not hold');
  return { id: sha(n.text).toString('hex'), line: c.line, agreement: c.agreement, host: c.host, key: host, says: c.says, date: time(c.date) };
}

const LATE = 5 * 60 * 1000;

/** standing says what the words of hosts in a file come to: those that count, of each host the one that stands first. */
export function standing(words, agreements) {
  const hosts = new Map(), flawed = [];
  let sealed = 0;
  for (const w of words) {
    if (w.note === undefined) { sealed++; continue; }
    try {
      const text = JSON.parse(w.note);
      if (typeof text !== 'string') bad('the note is not a text');
      const c = consent(Buffer.from(text)), a = agreements.get(c.agreement) ?? bad('of an agreement that is not in the file');
      if (c.line !== w.line) bad('of another line');
      if (a.hosts && !a.hosts.some((h) => h.name === c.host && h.key.text === c.key.text)) bad('not a host of this agreement');
      if (c.date > w.time + LATE) bad('dated after its entry');
      const of = `${c.agreement} ${c.host} ${c.key.text}`, said = hosts.get(of) ?? hosts.set(of, new Map()).get(of);
      const word = said.get(c.id) ?? { host: c.host, version: a.hosts ? a.version : 0, says: c.says, date: c.date, id: c.id, entries: [] };
      word.entries.push(w.entry);
      said.set(c.id, word);
    } catch (err) {
      if (!(err instanceof Bad)) throw err;
      flawed.push(w.entry);
    }
  }
  const withdraws = (w) => Number(w.says === 'withdraws');
  return {
    hosts: [...hosts.values()].flatMap((said) => [...said.values()]
      .sort((x, y) => y.date - x.date || withdraws(y) - withdraws(x) || (x.id < y.id ? 1 : -1))
      .map(({ host, version, says, entries }, i) => ({ host, version, says, stands: i === 0, entries }))),
    flawed, sealed,
  };
}
