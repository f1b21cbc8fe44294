// A second verifier of Parley's evidence, written from docs/format.md alone: see README.md.
import fs from 'node:fs';
import path from 'node:path';
import { Bad, b64, bad, Input, key, sha } from './base.mjs';
import * as t from './things.mjs';
import { verify } from './bundle.mjs';
import { consent } from './consent.mjs';
import * as st from './statement.mjs';

const USAGE = `usage: node verify.mjs FILE [--trust KEYS] [--witnessed] [--json]
       node verify.mjs --list FILE     a file of names of bundles; one JSON object a line
       node verify.mjs --vectors DIR   a directory of test vectors; one JSON object a line
With --test-agreements, agreements of the form in the test vectors are taken too.
KEYS is a file as parley verify takes it: on each line the name of a party and its key or fingerprint, or
the key of a witness alone.`;

function bundle(file, options) {
  const fd = fs.openSync(file, 'r');
  try { return verify(new Input(fd), options); } finally { fs.closeSync(fd); }
}

const open = (list) => (list ?? []).map((s) => {
  const [ed, more] = s.split(' ');
  return { key: key(ed), half: t.half(more ?? ''), from: null, revoked: null };
});
const lines = (b) => {
  const out = [];
  for (let i = 0; i < b.length;) {
    const k = b.indexOf(10, i);
    if (k < 0) bad('no newline at the end');
    out.push(b.subarray(i, k));
    i = k + 1;
  }
  return out;
};

/** The names of the parties in the vectors: evidence of a breach does not tell them. */
const NAMES = { a: 'blue', b: 'green' };

/** keysFor takes the line and side from the first origin in a file, because vectors give keys without them. */
function keysFor(v, bytes) {
  const m = /parley\/([0-9a-f]{64})\/[0-9]+\/([ab])\n/.exec(bytes.toString('latin1')) ?? bad('no origin');
  let side = m[2];
  if (v.kind === 'foreign' && bytes.subarray(0, 22).toString('latin1') === 'parley/foreign/v1\nhead') side = t.other(side);
  const rest = t.other(side);
  return { [side]: new t.Keys(m[1], side, open(v.author)), [rest]: new t.Keys(m[1], rest, open(v.receiver)) };
}
const judge = {
  entry: (b) => t.entry(b),
  next: (b) => {
    const [x, y, ...more] = lines(b).map((l) => t.entry(l));
    if (more.length || y.seq !== x.seq + 1 || y.author !== x.author) bad('cannot follow');
    t.after(x, y);
  },
  sealed: (b) => {
    const [sealed, ...list] = lines(b), e = t.entry(sealed), there = t.disclosed(e, list);
    if (e.shown.some((d) => !there.has(d.text))) bad('a disclosure in shown is not there');
  },
  disclosure: (b) => t.disclosure(b),
  head: (b, keys) => { const h = t.head(b); return keys[h.origin.side].head(h) ?? bad('not signed by the author'); },
  receipt: (b, keys) => { const r = t.receipt(b); return keys[t.other(r.origin.side)].receipt(r) ?? bad('not signed by the receiver'); },
  proof: t.proof, fork: t.fork, foreign: t.foreign, statement: (b) => st.statement(b), consent,
  breach: (b, keys) => t.breach(b, keys, NAMES),
};

function vector(dir, v) {
  const file = path.join(dir, v.file);
  if (v.kind === 'bundle') return { file: v.file, kind: v.kind, ...bundle(file, { trusted: null, test: true }) };
  const out = { file: v.file, kind: v.kind, ok: true, identified: false, checks: [] };
  try {
    if (!Object.hasOwn(judge, v.kind)) bad('no such kind');
    const b = fs.readFileSync(file);
    const got = judge[v.kind](b, v.author || v.receiver ? keysFor(v, b) : null);
    if (v.kind === 'statement') out.agreed = got.agreed;
  } catch (err) {
    if (!(err instanceof Bad)) throw err;
    out.ok = false;
    out.checks.push({ name: v.kind, ok: false, entry: '', reason: err.message });
  }
  return out;
}

function isStatement(file) {
  const fd = fs.openSync(file, 'r'), b = Buffer.alloc(st.FIRST.length);
  try { return fs.readSync(fd, b) === b.length && b.toString('latin1') === st.FIRST; } finally { fs.closeSync(fd); }
}
function statement(file, trusted, asJSON) {
  let ok = true, known = trusted !== null, agreed = false, why = '';
  try {
    const s = st.statement(fs.readFileSync(file));
    agreed = s.agreed;
    for (const p of s.signed) if (trusted && !trusted.some((k) => (k.name === '*' || k.name === p.name) && k.print === t.fingerprint(p.key))) bad(`the key of ${p.name} is not trusted`);
  } catch (err) {
    if (!(err instanceof Bad)) throw err;
    ok = known = agreed = false;
    why = err.message;
  }
  if (asJSON) console.log(JSON.stringify({ ok, identified: known, agreed, reason: why }));
  else console.log(ok ? `The statement holds: it is ${agreed ? '' : 'not '}jointly agreed.` : `The statement does not hold: ${why}`);
  return ok ? 0 : 4;
}

/** trustedKeys reads the file that parley verify takes: on each line a name and a key or its fingerprint. */
function trustedKeys(file) {
  const lines = fs.readFileSync(file, 'utf8').split('\n').map((l) => l.trim()).filter((l) => l && !l.startsWith('#'));
  const alone = (l) => !/\s/.test(l) && l.split('+').length > 2;
  const kind = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20', 'latin1');
  const trusted = lines.filter((l) => !alone(l)).map((l) => {
    const [name, one, two] = l.split(/\s+/);
    if (one === undefined) bad('a trusted key without a name');
    if (one.startsWith('SHA256:')) return { name, print: one };
    const blob = one === 'ssh-ed25519' ? b64(two ?? '') : Buffer.concat([kind, b64(one)]);
    if (blob.length !== kind.length + 32 || !blob.subarray(0, kind.length).equals(kind)) bad('not an Ed25519 key');
    key(blob.subarray(kind.length).toString('base64'));
    return { name, print: 'SHA256:' + sha(blob).toString('base64').replace(/=+$/, '') };
  });
  return { trusted, known: lines.filter(alone).map(t.witness) };
}

function main(args) {
  const opt = { json: false, test: false, witnessed: false, trust: null, list: null, vectors: null, file: null };
  while (args.length) {
    const a = args.shift();
    if (a === '--json') opt.json = true;
    else if (a === '--test-agreements') opt.test = true;
    else if (a === '--witnessed') opt.witnessed = true;
    else if (['--trust', '--list', '--vectors'].includes(a) && args.length) opt[a.slice(2)] = args.shift();
    else if (!a.startsWith('-') && opt.file === null) opt.file = a;
    else return usage();
  }
  const options = { ...(opt.trust === null ? { trusted: null, known: [] } : trustedKeys(opt.trust)), test: opt.test, demand: opt.witnessed };
  const say = (o) => console.log(JSON.stringify(o));
  if (opt.list !== null) {
    for (const f of fs.readFileSync(opt.list, 'utf8').split('\n')) if (f) say({ file: f, ...bundle(f, options) });
    return 0;
  }
  if (opt.vectors !== null) {
    for (const v of JSON.parse(fs.readFileSync(path.join(opt.vectors, 'index.json')))) say(vector(opt.vectors, v));
    return 0;
  }
  if (opt.file === null) return usage();
  if (isStatement(opt.file)) return statement(opt.file, options.trusted, opt.json);
  const r = bundle(opt.file, options), wrong = r.checks.filter((c) => !c.ok);
  if (opt.json) say(r);
  else {
    console.log(r.ok ? `The file holds; its signers are ${r.identified ? 'ones that you know' : 'not identified'}.` : 'The file does not hold.');
    for (const c of wrong) console.log(`${c.name}: ${c.entry ? c.entry + ': ' : ''}${c.reason}`);
  }
  return r.ok ? 0 : 4;
}
function usage() {
  console.error(USAGE);
  return 2;
}

try { process.exitCode = main(process.argv.slice(2)); } catch (err) {
  console.error(String(err.message));
  process.exitCode = err instanceof Bad || err.code === 'ENOENT' ? 2 : 1;
}
