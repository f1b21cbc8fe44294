// The things of a transcript: agreements, entries, disclosures, heads, receipts, evidence.
import { isUtf8 } from 'node:buffer';
import {
  Bad, bad, b64, b64url, consistent, ed25519, EMPTY_ROOT, hash32, included, Input, json, key, keyHash, leafHash,
  MAX, note, number, sha, text as str,
} from './base.mjs';
import * as mldsa from './mldsa.mjs';

export const MAX_ENTRY = 65535, MAX_DISCLOSED = 4 << 20, MAX_KEYS = 1024;
const MAX_SIGNED = 512 << 10, MOST_LINE_KEYS = 100;
const HEX = /^[0-9a-f]{64}$/, NAME = /^[a-z0-9-]{1,32}$/;

export function origin(s) {
  const m = /^parley\/([0-9a-f]{64})\/([1-9][0-9]{0,15})\/([ab])$/.exec(s) ?? bad('not an origin');
  return { text: s, line: m[1], epoch: number(m[2]), side: m[3] };
}
export const other = (side) => (side === 'a' ? 'b' : 'a');
const cosigner = (o, side) => `parley/${o.line}/${side}`;

/** instant reads YYYY-MM-DDThh:mm:ss.sssZ as milliseconds. */
export function instant(s) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(s)) bad('not a time');
  const d = new Date(s);
  return !Number.isNaN(d.getTime()) && d.toISOString() === s ? d.getTime() : bad('no such time');
}

// Agreements.

function terms(text) {
  const s = text.toString('utf8');
  if (json(s, 0, 64, true) !== s.length) bad('something after the terms');
  const t = JSON.parse(s), open = (v) => (v === '' ? null : instant(str(v)));
  if (!Array.isArray(t.parties) || t.parties.length !== 2) bad('not two parties');
  if (t.from !== undefined || t.agreement === undefined) { open(t.from); open(t.until); }
  return {
    ...witnesses(t.witnesses?.quorum, t.witnesses?.verifiers), line: str(t.line), version: t.version, supersedes: str(t.supersedes),
    agreement: t.agreement === undefined ? undefined : str(t.agreement), both: signatures(t.signatures), hosts: hosts(t.hosts),
    parties: t.parties.map((p, i) => ({
      name: str(p.name), side: 'ab'[i], key: key(str(p.party_key)), signs: 'parley/party/' + p.name,
      lineKeys: Array.isArray(p.line_keys) && p.line_keys.length >= 1 && p.line_keys.length <= MOST_LINE_KEYS
        ? p.line_keys.map((k) => ({ key: key(str(k.key)), half: half(str(k.ml_dsa_44)), from: open(k.from), revoked: open(k.revoked) }))
        : bad('line keys'),
    })),
  };
}

/** distinct checks that every name and every key stands in the terms once, and that each key counts for some time. */
function distinct(a) {
  const once = (list, what) => (new Set(list).size === list.length ? 0 : bad(what + ' twice'));
  const lineKeys = a.parties.flatMap((p) => p.lineKeys);
  once(a.parties.map((p) => p.name), 'a party');
  once(a.witnesses.map((w) => w.name), 'a witness');
  once([...a.parties, ...lineKeys, ...a.witnesses].map((k) => k.key.text), 'a key');
  if (lineKeys.some((k) => k.revoked !== null && k.from !== null && k.revoked <= k.from)) bad('a key that never counts');
}

/** hosts reads whom an agreement names as hosts. Its keys alone, in its place, do not say. */
function hosts(list) {
  if (list === undefined) return [];
  return Array.isArray(list) ? list.map((h) => ({ name: str(h.name), key: key(str(h.party_key)) })) : bad('hosts');
}

/** witness reads a verifier key of type 4: name, key hash and key. */
export function witness(s) {
  const m = /^([^\p{White_Space}+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(s) ?? bad('not a witness');
  const raw = b64(m[3]);
  if (Buffer.byteLength(s) > 400 || raw.length !== 33 || raw[0] !== 4) bad('not the key of a witness');
  const k = key(raw.subarray(1).toString('base64')), hash = keyHash(m[1], 4, k);
  return hash === parseInt(m[2], 16) ? { name: m[1], key: k, hash, text: s } : bad('the hash of a witness is not that of its key');
}
function witnesses(quorum, list) {
  if (!Array.isArray(list) || !Number.isInteger(quorum) || quorum < 0 || quorum > list.length) bad('witnesses');
  return { quorum, witnesses: list.map((v) => witness(str(v))) };
}
/** half reads the ML-DSA-44 half of a line key; null where there is none. */
export function half(s) {
  if (s === '') return null;
  const raw = b64(s);
  return raw.length === mldsa.KEY_BYTES ? { raw, text: s } : bad('not an ML-DSA-44 key');
}
const signatures = (s) => (s === 'ed25519' || s === 'ed25519+ml-dsa-44' ? s !== 'ed25519' : bad('signatures'));

/** testTerms reads the small form of the test vectors. */
function testTerms(text) {
  const lines = text.toString('utf8').split('\n'), seconds = (s) => (s === '0' ? null : number(s) * 1000);
  const take = (word) => {
    const l = lines.shift() ?? '';
    return l.startsWith(word + ' ') ? l.slice(word.length + 1) : bad('not a ' + word);
  };
  const agreement = lines[0].startsWith('agreement ') ? take('agreement') : undefined, line = take('line');
  const t = { agreement, line: line === 'self' ? '' : line, version: number(take('version')), supersedes: take('supersedes'), both: false, parties: [] };
  if (lines[0]?.startsWith('signatures ')) t.both = signatures(take('signatures'));
  while (lines.length > 1 && !lines[0].startsWith('witness ')) {
    const [name, side, k, ...more] = take('party').split(' ');
    const p = { name, side, key: key(k), signs: 'parley/party/' + t.parties.length, lineKeys: [] };
    if (more.length || side !== 'ab'[t.parties.length]) bad('not a party');
    while (lines[0].startsWith('key ')) {
      const [k, from, revoked, ...rest] = take('key').split(' ');
      if (rest.length) bad('not a key');
      const more = lines[0].startsWith('half ') ? half(take('half')) : null;
      p.lineKeys.push({ key: key(k), half: more, from: seconds(from), revoked: seconds(revoked) });
    }
    t.parties.push(p);
  }
  const list = [];
  while (lines[0].startsWith('witness ')) list.push(take('witness'));
  Object.assign(t, witnesses(list.length ? number(take('quorum')) : 0, list));
  return lines[0] === '' && t.parties.length === 2 ? t : bad('not two parties');
}

/** signedText splits a note that both parties sign and gives what reads the text after its first line. */
function signedText(bytes, first, read, test) {
  for (const c of bytes) if (c < 32 && c !== 10) bad('a note has a control character');
  const n = note(bytes), cut = n.text.indexOf(10) + 1, is = n.text.subarray(0, cut).toString('latin1');
  const body = n.text.subarray(cut);
  if (is === `parley/${first}/v1\n`) {
    if (bytes.length > MAX_SIGNED) bad('a note is too large');
    const a = read(body);
    distinct(a);
    return { n, a };
  }
  return test && is === `parley/test-${first}/v1\n` ? { n, a: testTerms(body) } : bad('not of the kind that its record says');
}

/** agreement reads a signed agreement and checks that both its parties, and nobody else, signed it. */
export function agreement(bytes, test) {
  const { n, a } = signedText(bytes, 'agreement', terms, test);
  if (a.agreement !== undefined) bad('an agreement that states its own id');
  a.id = sha(n.text).toString('hex');
  if (!Number.isInteger(a.version) || a.version < 1 || a.version > MAX) bad('version');
  if (a.version === 1 ? a.line !== '' || a.supersedes !== '' : !HEX.test(a.line) || !HEX.test(a.supersedes)) bad('line or supersedes');
  if (a.version === 1) a.line = a.id;
  return signedByBoth(n, a);
}

/** keys reads the signed keys of an agreement that is not shown, which state its id. */
export function keys(bytes, test) {
  const { n, a } = signedText(bytes, 'keys', terms, test);
  a.id = a.agreement;
  a.hosts = null;
  if (!Number.isInteger(a.version) || a.version < 1 || a.version > MAX) bad('version');
  if (!HEX.test(a.line) || !HEX.test(a.id)) bad('line or agreement');
  if (a.version === 1 ? a.line !== a.id || a.supersedes !== '' : a.line === a.id || !HEX.test(a.supersedes)) bad('line or supersedes');
  return signedByBoth(n, a);
}

function signedByBoth(n, a) {
  for (const p of a.parties) if (!NAME.test(p.name)) bad('a party has no name');
  if (n.sigs.length !== 2) bad('not signed by both parties alone');
  a.parties.forEach((p, i) => {
    const { name, hash, sig } = n.sigs[i];
    if (name !== p.signs || hash !== keyHash(name, 1, p.key) || !ed25519(p.key, n.text, sig)) bad(`not signed by ${p.name}`);
  });
  return a;
}

export function follows(prev, next) {
  if (next.line !== prev.line) bad('of another line');
  if (next.version !== prev.version + 1) bad('its version is not one higher');
  if (next.supersedes !== prev.id) bad('does not supersede the one before');
  if (next.parties.some((p, i) => p.name !== prev.parties[i].name)) bad('names other parties');
  const before = new Set(prev.parties.map((p) => p.key.text));
  if (!next.parties.some((p) => before.has(p.key.text))) bad('signed by no party key of the one before');
}

/** fingerprint is that of ssh-keygen. */
export const fingerprint = (k) => 'SHA256:' + sha('\0\0\0\x0bssh-ed25519\0\0\0\x20', k.raw).toString('base64').replace(/=+$/, '');

// Entries and disclosures.

const HEAD_OF_ENTRY = new RegExp('^\\{"v":1,"agreement":"([0-9a-f]{64})","author":"([a-z0-9-]{1,32})","seq":([0-9]{1,16}),'
  + '"time":"([^"]{24})","seen":\\{"size":([0-9]{1,16}),"root":"([A-Za-z0-9+/=]{44})"\\},"kind":"([a-z.-]{1,32})",'
  + '"drill":(true|false),"_sd":\\[');

function digests(s) {
  if (s === '') return [];
  if (s.length % 46 !== 45) bad('digests');
  const out = [];
  for (let i = 0; i < s.length; i += 46) {
    if (s[i] !== '"' || s[i + 44] !== '"' || (i + 45 < s.length && s[i + 45] !== ',')) bad('digests');
    const text = s.slice(i + 1, i + 44), b = b64url(text);
    if (out.length && Buffer.compare(out.at(-1).b, b) >= 0) bad('digests are not sorted');
    out.push({ text, b });
  }
  return out;
}

export function entry(bytes) {
  if (bytes.length > MAX_ENTRY) bad('an entry has at most 65,535 bytes');
  const s = bytes.toString('latin1'), m = HEAD_OF_ENTRY.exec(s) ?? bad('not in the one encoding');
  const rest = s.slice(m[0].length), k = rest.indexOf('],"shown":[');
  if (k < 0 || !rest.endsWith(']}')) bad('not in the one encoding');
  const sd = digests(rest.slice(0, k)), shown = digests(rest.slice(k + 11, -2));
  let pad = 8;
  while (pad < sd.length) pad *= 2;
  if (pad !== sd.length) bad('_sd is not padded');
  const held = new Set(sd.map((d) => d.text));
  if (shown.some((d) => !held.has(d.text))) bad('shown has a digest that _sd has not');
  const e = { agreement: m[1], author: m[2], seq: number(m[3]), time: instant(m[4]), size: number(m[5]), root: hash32(m[6]), kind: m[7], held, shown };
  if (e.seq >= MAX) bad('seq');
  if (e.size === 0 && !e.root.equals(EMPTY_ROOT)) bad('seen nothing, with a root');
  return e;
}

/** after checks what two entries of one transcript owe each other whatever lies between. */
export function after(a, b) {
  if (b.time < a.time) bad('time goes down');
  if (b.size < a.size) bad('seen.size goes down');
  if (b.size === a.size && !b.root.equals(a.root)) bad('one seen.size with two roots');
}

export function disclosure(bytes) {
  const s = b64url(bytes.toString('latin1'));
  if (!isUtf8(s)) bad('not UTF-8');
  const t = s.toString('utf8'), m = /^\["([A-Za-z0-9_-]{22})","([A-Za-z][A-Za-z0-9_.-]{0,63})",/.exec(t) ?? bad('not a disclosure');
  b64url(m[1]);
  if (json(t, m[0].length, 64) !== t.length - 1 || t.at(-1) !== ']') bad('not a disclosure');
  return { name: m[2], value: t.slice(m[0].length, -1) };
}
export const digest = (bytes) => sha(bytes).toString('base64url');

/** disclosed checks the disclosures that stand beside an entry. */
export function disclosed(e, list) {
  const names = new Map(), there = new Set();
  let last = null, total = 0;
  for (const d of list) {
    const h = sha(d), text = h.toString('base64url'), { name, value } = disclosure(d);
    if (!e.held.has(text)) bad('a disclosure has a digest that the entry does not hold');
    if (last && Buffer.compare(last, h) >= 0) bad('disclosures out of the order of their digests');
    if (names.has(name)) bad('a field is there twice');
    if ((total += d.length) > MAX_DISCLOSED) bad('disclosures are too large together');
    names.set(name, value); there.add(text); last = h;
  }
  there.fields = names;
  return there;
}

// Heads and receipts.

function checkpoint(bytes) {
  const n = note(bytes), lines = n.text.toString('latin1').split('\n');
  if (lines.length !== 4) bad('not three lines');
  const c = { note: n, origin: origin(lines[0]), size: number(lines[1]), root: hash32(lines[2]), bytes };
  return (c.size === 0) === c.root.equals(EMPTY_ROOT) ? c : bad('a root that does not go with the size');
}
const LAST_SECOND = 253402300799n; // of the year 9999
function timed(s, bytes = 64) {
  if (s.sig.length !== 8 + bytes) bad('not a timed signature');
  const t = s.sig.readBigUInt64BE(0);
  return t >= 1n && t <= LAST_SECOND ? Number(t) : bad('a time is out of bounds');
}
/** cosigned reads the timed signatures, with Ed25519 and perhaps with ML-DSA-44; the last one's time counts. */
function cosigned(bytes, before) {
  const c = checkpoint(bytes), [one, two, ...more] = c.note.sigs.slice(before);
  if (!one || more.length) bad('not the signatures of a head or receipt');
  const time = timed(one);
  return { ...c, time: two ? timed(two, mldsa.SIG_BYTES) : time };
}
export const head = (bytes) => cosigned(bytes, 1);
export const receipt = (bytes) => cosigned(bytes, 0);
export const cosignature = (bytes) => { const c = receipt(bytes); return c.note.sigs.length === 1 ? c : bad('not the one signature of a witness'); };

/** witnessOf gives the witness of a list that signed a cosignature, or null. */
export function witnessOf(c, list) {
  const s = c.note.sigs[0], message = Buffer.concat([Buffer.from(`cosignature/v1\ntime ${timed(s)}\n`), c.note.text]);
  return list.find((w) => w.name === s.name && w.hash === s.hash && ed25519(w.key, message, s.sig.subarray(8))) ?? null;
}

/** Keys are the line keys of one side, found by what a timed signature bears of them. */
export class Keys {
  constructor(line, side, keys) {
    this.byHash = new Map();
    for (const k of keys) {
      const h = keyHash(`parley/${line}/${side}`, 4, k.key);
      this.byHash.set(h, [...(this.byHash.get(h) ?? []), k]);
    }
  }
  timed(c, s, side) {
    if (s.name !== cosigner(c.origin, side)) return null;
    const message = Buffer.concat([Buffer.from(`cosignature/v1\ntime ${timed(s)}\n`), c.note.text]);
    return (this.byHash.get(s.hash) ?? []).find((k) => keyHash(s.name, 4, k.key) === s.hash && ed25519(k.key, message, s.sig.subarray(8))) ?? null;
  }
  /** both checks the signature of a line key's other half, where it has one, and that there is none where not. */
  both(c, k, one, two) {
    if (!k || !k.half || !two) return k && !k.half === !two ? k : null;
    const name = Buffer.from(one.name), from = Buffer.from(c.origin.text), numbers = Buffer.alloc(24);
    numbers.writeBigUInt64BE(BigInt(c.size), 16);
    const at = one.sig.subarray(0, 8);
    const message = Buffer.concat([Buffer.from('subtree/v1\n\0'), Buffer.of(name.length), name, at, Buffer.of(from.length), from, numbers.subarray(8), c.root]);
    return two.name === one.name && keyHash(two.name, 6, k.half) === two.hash && two.sig.subarray(0, 8).equals(at)
      && mldsa.verify(k.half, message, two.sig.subarray(8)) ? k : null;
  }
  /** head gives the key of the author that made both signatures, or null. */
  head(c) {
    const [one, four, six] = c.note.sigs, k = this.both(c, this.timed(c, four, c.origin.side), four, six);
    return k && one.name === c.origin.text && keyHash(one.name, 1, k.key) === one.hash && ed25519(k.key, c.note.text, one.sig) ? k : null;
  }
  receipt(c, s = c.note.sigs[0], two = c.note.sigs[1]) { return this.both(c, this.timed(c, s, other(c.origin.side)), s, two); }
}

// Evidence.

const MAX_NOTE = 16 << 10;
class Evidence extends Input {
  constructor(bytes, first) {
    super(null, bytes);
    if (this.word() !== first) bad('does not begin with ' + first);
  }
  peek(word) { return this.b.subarray(this.i, this.i + word.length + 1).toString('latin1') === word + ' '; }
  member(word, max) {
    const l = this.word(max);
    return l.startsWith(word + ' ') ? l.slice(word.length + 1) : bad('no ' + word);
  }
  size(word) { return number(this.member(word)); }
  proof(word) {
    const out = [];
    while (this.peek(word)) out.push(hash32(this.member(word)));
    return out.length <= 64 ? out : bad('a proof is too long');
  }
  end() { return this.done() || bad('something after its end'); }
  /** leaf reads head, index, proof and entry, and checks all but what the entry says. */
  leaf(keys, max) {
    const h = head(this.block(this.size('head'), MAX_NOTE));
    if (!keys[h.origin.side].head(h)) bad('the head is not signed by a line key of its author');
    const index = this.size('index'), proof = this.proof('proof'), bytes = this.framed(this.size('entry'), max);
    if (!included(leafHash(bytes), index, h.size, proof, h.root)) bad('the proof does not lead to the root');
    return { h, index, bytes };
  }
}

export function fork(bytes, keys) {
  const v = new Evidence(bytes, 'parley/fork/v1');
  const heads = ['first', 'second'].map((w) => head(v.block(v.size(w), MAX_NOTE)));
  const [a, b] = heads;
  for (const h of heads) if (!keys[h.origin.side].head(h)) bad('a head is not signed by a line key of its author');
  if (a.origin.text !== b.origin.text) bad('of two origins');
  if (a.size > b.size) bad('the first head is the larger');
  if (a.size === b.size) {
    if (a.root.equals(b.root)) bad('the heads agree');
  } else if (v.peek('root')) {
    const root = hash32(v.member('root'));
    if (root.equals(a.root)) bad('the second begins with the first');
    if (!consistent(a.size, root, b.size, b.root, v.proof('proof'))) bad('the proof does not show it');
  } else {
    const index = v.size('index'), high = v.peek('level'), level = high ? v.size('level') : 0, scale = 2 ** level;
    if (high && (level < 1 || level > 48)) bad('a level that cannot be');
    const leaves = heads.map((h, i) => {
      const w = ['first', 'second'][i], leaf = hash32(v.member(w + '-leaf'));
      if ((index + 1) * scale > h.size) bad('no complete subtree there');
      if (!included(leaf, index, Math.ceil(h.size / scale), v.proof(w + '-proof'), h.root)) bad('a proof does not lead to its root');
      return leaf;
    });
    if (leaves[0].equals(leaves[1])) bad('one leaf, twice');
  }
  v.end();
  return a.origin;
}

/** foreign gives the transcript and the head that a party signed to hold. */
export function foreign(bytes, keys) {
  const v = new Evidence(bytes, 'parley/foreign/v1');
  if (v.peek('receipt')) {
    const r = receipt(v.block(v.size('receipt'), MAX_NOTE));
    if (!keys[other(r.origin.side)].receipt(r)) bad('the receipt is not signed by a line key of the receiver');
    if (r.size === 0) bad('a receipt for nothing');
    v.end();
    return r;
  }
  const { h, bytes: sealed } = v.leaf(keys, MAX_ENTRY), e = entry(sealed);
  if (e.size === 0) bad('it had seen nothing');
  v.end();
  const side = other(h.origin.side);
  return { origin: origin(`parley/${h.origin.line}/${h.origin.epoch}/${side}`), size: e.size, root: e.root };
}

/** breach gives the origin and the index of an entry that breaks the format. */
export function breach(bytes, keys, names) {
  const v = new Evidence(bytes, 'parley/breach/v1'), { h, index, bytes: sealed } = v.leaf(keys, bytes.length);
  const out = { origin: h.origin, index };
  let e;
  try {
    e = entry(sealed);
    if (e.seq !== index || e.author !== names[h.origin.side] || wrongKind(e.kind, index, h.origin.epoch)) e = null;
  } catch (err) {
    if (!(err instanceof Bad)) throw err;
  }
  if (!e) { v.end(); return out; }
  if (v.peek('before')) {
    const before = v.framed(v.size('before'), MAX_ENTRY);
    if (index === 0 || !included(leafHash(before), index - 1, h.size, v.proof('before-proof'), h.root)) bad('the proof of the entry before does not lead to the root');
    v.end();
    return broken(() => after(entry(before), e), () => entry(before)) ? out : bad('does not show a breach');
  }
  const list = [];
  while (v.peek('disclosure')) list.push(v.framed(v.size('disclosure'), bytes.length));
  v.end();
  if (!list.length) bad('does not show a breach');
  showsBreach(e, list);
  return out;
}
/** broken says whether a check fails although what it rests on holds. */
function broken(check, ground) {
  ground();
  try { check(); return false; } catch (err) { if (err instanceof Bad) return true; throw err; }
}
function showsBreach(e, list) {
  const hashes = list.map((d) => sha(d));
  hashes.forEach((h, i) => {
    if (!e.held.has(h.toString('base64url'))) bad('a disclosure that the entry does not hold');
    if (i && Buffer.compare(hashes[i - 1], h) >= 0) bad('disclosures out of order');
  });
  if (!broken(() => disclosed(e, list), () => 0)) bad('does not show a breach');
}
export const wrongKind = (kind, index, epoch) => index === 0 && epoch > 1 && kind !== 'epoch';

/** proof checks a C2SP tlog-proof file whose extra is the sealed entry. */
export function proof(bytes, keys) {
  const v = new Evidence(bytes, 'c2sp.org/tlog-proof@v1');
  const sealed = b64(v.member('extra', 2 * MAX_ENTRY)), index = v.size('index'), hashes = [];
  for (let l; (l = v.word()) !== '';) {
    hashes.push(hash32(l));
    if (hashes.length > 64) bad('a proof is too long');
  }
  const c = checkpoint(v.bytes(v.b.length - v.i)), doubled = (a, b) => (b && b.name === a.name && b.sig.length === 8 + mldsa.SIG_BYTES ? b : null);
  const [one, four, ...rest] = c.note.sigs;
  if (!four) bad('not the two signatures of a head');
  timed(four);
  const six = doubled(four, rest[0]), own = six ? [one, four, rest.shift()] : [one, four];
  if (!keys[c.origin.side].head({ ...c, note: { ...c.note, sigs: own } })) bad('not signed by a line key of its author');
  for (let s; (s = rest.shift());) {
    const two = doubled(s, rest[0]);
    if (two) rest.shift();
    if (!keys[other(c.origin.side)].receipt(c, s, two)) bad('not signed by a line key of the receiver');
  }
  if (!included(leafHash(sealed), index, c.size, hashes, c.root)) bad('the proof does not lead to the root');
  entry(sealed);
}
