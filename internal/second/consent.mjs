// The word of a host: a third party whose ground or sky it is.
import { isUtf8 } from 'node:buffer';
import { bad, ed25519, key, keyHash, note, sha } from './base.mjs';
import { instant } from './things.mjs';

const FIRST = 'parley/consent/v1\n', MAX = 4096;
const HEX = /^[0-9a-f]{64}$/, NAME = /^[a-z0-9-]{1,32}$/;
const HIDDEN = /[\p{Cc}\u2028\u2029\ufffd]|(?![\u200c-\u200f])\p{Cf}/u;

const time = (s) => {
  const at = instant(String(s)), year = new Date(at).getUTCFullYear();
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
  if (!HEX.test(c.line) || !HEX.test(c.agreement) || !NAME.test(c.host)) bad('line, agreement or host');
  const host = key(String(c.host_key));
  time(c.date);
  if (c.says === 'withdraws') {
    if (c.from !== '' || c.until !== '') bad('a withdrawal counts from its date');
  } else if (c.says === 'consents') {
    const from = time(c.from);
    if (c.until !== '' && time(c.until) <= from) bad('until is not after from');
  } else bad('says');
  if (typeof c.text !== 'string' || Buffer.byteLength(c.text) > 500 || HIDDEN.test(c.text)) bad('text');
  const name = 'parley/party/' + c.host;
  if (n.sigs.length !== 1 || n.sigs[0].name !== name || n.sigs[0].hash !== keyHash(name, 1, host)) bad('not signed by its host alone');
  if (!ed25519(host, n.text, n.sigs[0].sig)) bad('the signature does not hold');
  return { id: sha(n.text).toString('hex') };
}
