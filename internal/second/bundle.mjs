// The bundle and its checks.
import { Bad, bad, hash32, leafHash, number, Tree } from './base.mjs';
import { standing } from './consent.mjs';
import * as t from './things.mjs';

export const CHECKS = ['encoding', 'agreement', 'signers', 'entry', 'sequence', 'in-force', 'disclosure', 'root', 'head',
  'receipt', 'witness', 'keys', 'witnessed', 'weaving', 'fork', 'foreign', 'breach', 'epochs'];
const BLOCKS = { agreement: 1 << 20, keys: 1 << 20, head: 16 << 10, receipt: 16 << 10, cosignature: 16 << 10, fork: 64 << 10, foreign: 128 << 10, breach: 9 << 20 };
const ORDER = { head: 0, receipt: 1, cosignature: 2, fork: 3, foreign: 4, breach: 5 };
const MOST_NAMED = 20, MOST_AGREEMENTS = 4096, MOST_FIELDS = 1024;

class Verifier {
  constructor(input, { trusted, known = [], demand = false, test }) {
    Object.assign(this, { in: input, trusted, known, demand, test, witnesses: [...known], failures: new Map(), agreements: new Map(), versions: new Map(), newest: null, tr: null, epochs: [], seen: [], words: [], read: 0 });
  }
  fail(name, entry, reason) {
    const list = this.failures.get(name) ?? [];
    if (list.length < MOST_NAMED) this.failures.set(name, [...list, { name, ok: false, entry, reason }]);
  }
  /** check runs f and puts down what it refuses under a name. */
  check(name, entry, f) {
    try { return f(); } catch (err) {
      if (!(err instanceof Bad)) throw err;
      this.fail(name, entry, err.message);
      return null;
    }
  }
  run() {
    try {
      this.records();
      this.atEnd();
    } catch (err) {
      if (!(err instanceof Bad)) throw err;
      this.fail('encoding', this.tr?.o.text ?? '', err.message);
    }
    const ok = this.failures.size === 0, made = CHECKS.filter((c) => (c !== 'signers' || this.trusted) && (c !== 'witnessed' || this.demand));
    const stopped = this.failures.has('encoding');
    return {
      ok, identified: ok && this.trusted !== null, consents: ok ? standing(this.words, this.agreements) : undefined,
      checks: made.flatMap((name) => this.failures.get(name) ?? (stopped ? [] : [{ name, ok: true, entry: '', reason: '' }])),
    };
  }
  records() {
    if (this.in.word() !== 'parley/bundle/v1') bad('does not begin with parley/bundle/v1');
    for (; ;) {
      const w = this.in.word().split(' ');
      if (w[0] === 'end' && w.length === 1) break;
      if (w[0] === 'entry' && w.length === 4) this.entry(number(w[1]), number(w[2]), hash32(w[3]));
      else if (w.length !== 2) bad('not a record');
      else if (w[0] === 'transcript') this.transcript(t.origin(w[1]));
      else if (w[0] === 'gap') this.gap(number(w[1]));
      else if (Object.hasOwn(BLOCKS, w[0])) this.block(w[0], this.in.block(number(w[1]), BLOCKS[w[0]]));
      else bad('not a record');
    }
    this.endTranscript();
    if (!this.in.done()) bad('something after the end');
  }
  block(kind, bytes) {
    if (kind === 'agreement' || kind === 'keys') return this.agreement(kind, bytes);
    const tr = this.tr ?? bad(kind + ' before a transcript'), rank = ORDER[kind];
    if (rank < tr.phase) bad(kind + ' may not stand here');
    if (kind === 'head' || kind === 'receipt' || kind === 'cosignature') {
      const c = t[kind](bytes);
      if (c.origin.text !== tr.o.text || c.size !== tr.tree.size) bad(kind + ' may not stand here');
      if (kind !== 'head' && c.size === 0 && !tr.last) bad(kind + ' for nothing without its head');
      this.inOrder(rank, c.time, bytes);
      tr.gap = false;
      return this[kind](c);
    }
    this.inOrder(rank, 0, bytes);
    tr.evidence = true;
    const found = this.check(kind, tr.o.text, () => {
      const e = t[kind](bytes, this.keys, this.names), o = e.origin ?? e;
      if (o.text !== tr.o.text) bad('evidence of another transcript, which does not hold');
      return e;
    });
    const where = found?.index === undefined ? '' : `#${found.index}`;
    if (found) this.fail(kind, tr.o.text + where, 'evidence that somebody broke the rules');
  }
  /** inOrder holds records of one kind at one place to the order of their times and bytes. */
  inOrder(rank, time, bytes) {
    const tr = this.tr, last = tr.last;
    if (rank === tr.phase && last && (time < last.time || (time === last.time && Buffer.compare(bytes, last.bytes) <= 0))) bad('records out of order');
    tr.phase = rank;
    tr.last = { time, bytes: Buffer.from(bytes) };
  }
  agreement(kind, bytes) {
    if (this.tr) bad('an agreement after a transcript');
    if (++this.read > MOST_AGREEMENTS) bad('too many agreements');
    this.check('agreement', '', () => {
      const a = t[kind](bytes, this.test);
      if (this.agreements.has(a.id)) bad('one version twice');
      if (this.newest) t.follows(this.newest, a);
      this.newest = a;
      this.agreements.set(a.id, a);
      this.versions.set(a.version, a).set(0, this.versions.get(0) ?? a);
      for (const w of a.witnesses) if (!this.witnesses.some((o) => o.text === w.text)) this.witnesses.push(w);
      this.merge(a);
      if (this.trusted) for (const p of a.parties) if (!this.trusted.some((k) => (k.name === '*' || k.name === p.name) && k.print === t.fingerprint(p.key))) this.fail('signers', '', `the key of ${p.name} is not trusted`);
    });
  }
  merge(a) {
    this.lineKeys ??= { a: new Map(), b: new Map() };
    for (const p of a.parties) {
      const known = this.lineKeys[p.side];
      for (const k of p.lineKeys) {
        const was = known.get(k.key.text);
        if (was && was.half?.text !== k.half?.text) bad('a line key with another ML-DSA-44 half than before');
        known.set(k.key.text, k);
      }
      if (known.size > t.MAX_KEYS) bad('more than 1,024 line keys');
    }
  }
  /** ready makes of the agreements what the transcripts are checked with. */
  ready() {
    const n = this.newest;
    if (!n) this.fail('agreement', '', 'no agreement');
    this.names = n ? { a: n.parties[0].name, b: n.parties[1].name } : {};
    const side = (s) => new t.Keys(n?.line, s, this.lineKeys ? this.lineKeys[s].values() : []);
    this.keys = { a: side('a'), b: side('b') };
  }
  transcript(o) {
    const rank = [o.line, String(o.epoch).padStart(16, '0'), o.side].join('/');
    if (this.tr) {
      this.endTranscript();
      if (rank <= this.tr.rank) bad('transcripts out of order');
    } else this.ready();
    if (this.newest && o.line !== this.newest.line) this.fail('agreement', o.text, 'of another line');
    if (!this.tr || this.tr.o.line !== o.line || this.tr.o.epoch !== o.epoch) { this.seen = []; this.roots = { a: null, b: null }; }
    this.tr = {
      o, rank, tree: new Tree(), phase: 0, last: null, before: null, version: 0, empty: true, gap: false, evidence: false,
      heads: [], covered: 0, earliest: Infinity, said: [], cosigned: new Map(), early: new Map(), roots: new Map([[0, new Tree().root()]]),
    };
    this.roots[o.side] = this.tr.roots;
  }
  /** grown is called after an entry or a gap. */
  grown() {
    const tr = this.tr;
    tr.roots.set(tr.tree.size, tr.tree.root());
    Object.assign(tr, { phase: 0, last: null, heads: [], earliest: Infinity, early: new Map() });
  }
  place() {
    const tr = this.tr ?? bad('no transcript yet');
    if (tr.evidence) bad('an entry or a gap after evidence');
    return tr;
  }
  gap(to) {
    const tr = this.place();
    if (tr.gap || to <= tr.tree.size) bad('a gap may not stand here');
    for (const level of tr.tree.levels(to)) tr.tree.add(level, hash32(this.in.word(64)));
    tr.gap = true;
    this.grown();
  }
  entry(index, n, leaf) {
    const tr = this.place(), name = `${tr.o.text}#${index}`;
    if (index !== tr.tree.size) bad('an entry has another index');
    if (n > MOST_FIELDS) bad('more disclosures than an entry can have digests');
    const sealed = this.in.line(t.MAX_ENTRY), list = [];
    for (let i = 0, left = t.MAX_DISCLOSED; i < n; i++) {
      list.push(this.in.line(left));
      left -= list.at(-1).length;
    }
    if (!leafHash(sealed).equals(leaf)) this.fail('entry', name, 'the entry does not hash to the leaf hash beside it');
    const e = this.check('entry', name, () => t.entry(sealed));
    if (e) {
      this.check('sequence', name, () => this.runs(e, index));
      this.check('in-force', name, () => this.inForce(e));
      const there = this.check('disclosure', name, () => t.disclosed(e, list));
      if (e.kind === 'consent') this.words.push({ entry: name, line: tr.o.line, time: e.time, note: there?.fields.get('note') });
      this.seen.push({ side: t.other(tr.o.side), size: e.size, root: e.root, name });
      tr.before = e;
    }
    tr.tree.add(0, leaf);
    tr.gap = false;
    this.grown();
  }
  runs(e, index) {
    const tr = this.tr;
    if (e.seq !== index) bad('seq is not the index');
    if (this.newest && e.author !== this.names[tr.o.side]) bad('author is not the name of the side');
    if (t.wrongKind(e.kind, index, tr.o.epoch)) bad('the first entry of a later epoch is of the kind epoch');
    if (tr.before) t.after(tr.before, e);
  }
  inForce(e) {
    const v = this.agreements.get(e.agreement) ?? bad('the agreement that it names is not in the file');
    this.tr.said.push({ index: this.tr.tree.size, a: v });
    if (v.version < this.tr.version) bad('an older agreement than the one named before');
    this.tr.version = v.version;
  }
  /** lacks says that Ed25519 alone signs what is to bear both: by the newest agreement named so far, else the first. */
  lacks(c, k) { return c.size > 0 && !k.half && this.versions.get(this.tr.version)?.both === true; }
  head(c) {
    const tr = this.tr;
    if (!c.root.equals(tr.tree.root())) this.fail('root', `${tr.o.text}#${Math.max(0, tr.tree.size - 1)}`, 'the entries do not hash to the root of the head');
    const k = this.keys[tr.o.side].head(c);
    if (!k) return this.fail('head', tr.o.text, 'not signed by a line key of its author');
    tr.covered = c.size;
    if (tr.heads.length && !tr.heads[0].root.equals(c.root)) this.fail('fork', tr.o.text, 'the author signed two roots for one size');
    tr.heads.push({ k, lacks: this.lacks(c, k), time: c.time * 1000, root: c.root });
  }
  receipt(c) {
    const tr = this.tr;
    if (!c.root.equals(tr.tree.root())) this.fail('receipt', `${tr.o.text}#${Math.max(0, tr.tree.size - 1)}`, 'another root than the entries have');
    const k = this.keys[t.other(tr.o.side)].receipt(c);
    if (!k) return this.fail('receipt', tr.o.text, 'not signed by a line key of the receiver');
    if (k.revoked === null && !this.lacks(c, k) && counts(k, c.time * 1000)) tr.earliest = Math.min(tr.earliest, c.time * 1000);
  }
  cosignature(c) {
    const tr = this.tr;
    if (!c.root.equals(tr.tree.root())) this.fail('witness', tr.o.text, 'another root than the entries have');
    const w = t.witnessOf(c, this.witnesses);
    if (!w) return this.fail('witness', tr.o.text, 'not signed by a witness that is known');
    tr.cosigned.set(w.text, c.size);
    tr.early.set(w.text, Math.min(tr.early.get(w.text) ?? Infinity, c.time * 1000));
  }
  /** counted says whether a witness counts: where the reader knows any, those alone. */
  counted(w) { return !this.known.length || this.known.some((k) => k.text === w.text); }
  /** witnessedBefore says whether as many witnesses as agreed, and one at least, had cosigned the size reached before a time. */
  witnessedBefore(time) {
    const a = this.versions.get(this.tr.version);
    return !!a && a.witnesses.filter((w) => this.counted(w) && (this.tr.early.get(w.text) ?? Infinity) < time).length >= Math.max(a.quorum, 1);
  }
  /** demanded holds each entry that the file has to the number of witnesses that its agreement asks for. */
  demanded() {
    for (const { index, a } of this.tr.said) {
      const by = a.witnesses.filter((w) => this.counted(w) && (this.tr.cosigned.get(w.text) ?? 0) > index).length;
      if (by < a.quorum) this.fail('witnessed', `${this.tr.o.text}#${index}`, `not witnessed by ${a.quorum} of ${a.witnesses.length}`);
    }
  }
  endTranscript() {
    const tr = this.tr;
    if (!tr) {
      this.ready();
      bad('no transcript');
    }
    if (!tr.tree.size && !tr.last) bad('a transcript without a record');
    if (tr.o.side === 'b') this.weave();
    if (this.demand) this.demanded();
    if (!tr.tree.size) return;
    this.epochs.push(tr.o.epoch);
    if (tr.covered < tr.tree.size) this.fail('head', `${tr.o.text}#${tr.covered}`, 'no head of the author covers it');
    // Only a receipt or cosignatures for as many entries help, and at the end those are the ones that stand here.
    const some = tr.heads.some((h) => !h.lacks && counts(h.k, h.time) && (h.k.revoked === null || tr.earliest < h.k.revoked || this.witnessedBefore(h.k.revoked)));
    if (!some) this.fail('keys', tr.o.text, 'under no head whose key counts');
  }
  /** weave compares what entries had seen with the roots that the file gives, once both sides can be there. */
  weave() {
    for (const s of this.seen) {
      const r = this.roots[s.side]?.get(s.size);
      if (r && !r.equals(s.root)) this.fail('weaving', s.name, 'had seen another root than the file has');
    }
    this.seen = [];
  }
  atEnd() {
    this.epochs.forEach((e, i) => {
      if (i && e > this.epochs[i - 1] + 1) this.fail('epochs', '', `no epoch ${this.epochs[i - 1] + 1}`);
    });
  }
}
const counts = (k, time) => (k.from === null || time >= k.from) && (k.revoked === null || time < k.revoked);

/** verify checks a bundle. trusted is null or the keys that the reader knows; test takes the agreements of the test vectors. */
export function verify(input, options) { return new Verifier(input, options).run(); }
