// The public formats: bounded reading, base64, Ed25519, RFC 6962 trees, signed notes, strict JSON.
import fs from 'node:fs';
import crypto from 'node:crypto';
import { isUtf8 } from 'node:buffer';

export class Bad extends Error {}
export const bad = (why) => { throw new Bad(why); };

export const MAX = 2 ** 48;
/** text takes a member of an object that is to be a text, and no other value that reads like one. */
export const text = (v) => (typeof v === 'string' ? v : bad('not a text'));
export const sha = (...parts) => {
  const h = crypto.createHash('sha256');
  for (const p of parts) h.update(p);
  return h.digest();
};
const ZERO = Buffer.of(0), ONE = Buffer.of(1);
export const leafHash = (bytes) => sha(ZERO, bytes);
export const nodeHash = (l, r) => sha(ONE, l, r);
export const EMPTY_ROOT = sha('');

/** Input reads lines and blocks of a file or a buffer, never holding much more than one of them. */
export class Input {
  constructor(fd, buffer = Buffer.alloc(0)) { this.fd = fd; this.b = buffer; this.i = 0; this.eof = fd === null; }
  more() {
    if (this.eof) return false;
    const rest = this.b.subarray(this.i);
    const chunk = Buffer.allocUnsafe(Math.max(1 << 20, rest.length));
    const n = fs.readSync(this.fd, chunk, 0, chunk.length, null);
    if (n === 0) { this.eof = true; return false; }
    this.b = rest.length ? Buffer.concat([rest, chunk.subarray(0, n)]) : chunk.subarray(0, n);
    this.i = 0;
    return true;
  }
  line(max) {
    for (let from = 0; ;) {
      const k = this.b.indexOf(10, this.i + from);
      if (k >= 0) {
        if (k - this.i > max) bad('a line is too long');
        const out = this.b.subarray(this.i, k);
        this.i = k + 1;
        return out;
      }
      from = this.b.length - this.i;
      if (from > max) bad('a line is too long');
      if (!this.more()) bad('the file stops before its end');
    }
  }
  word(max = 4096) { return this.line(max).toString('latin1'); }
  bytes(n) {
    while (this.b.length - this.i < n) if (!this.more()) bad('the file stops before its end');
    const out = this.b.subarray(this.i, this.i + n);
    this.i += n;
    return out;
  }
  /** block reads n bytes that end with a newline of their own. */
  block(n, max) {
    if (n > max || n === 0) bad('a block has a size that cannot be');
    const out = this.bytes(n);
    if (out[n - 1] !== 10) bad('a block does not end with a newline');
    return out;
  }
  /** framed reads n bytes and the newline after them. */
  framed(n, max) {
    if (n > max) bad('a block is too large');
    const out = this.bytes(n);
    if (this.bytes(1)[0] !== 10) bad('no newline after a block');
    return out;
  }
  done() { return this.i === this.b.length && !this.more(); }
}

export function number(s) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(s)) bad('a number is not in its one encoding');
  const n = Number(s);
  return n <= MAX ? n : bad('a number is over its bound');
}

const decode = (s, name) => {
  const b = Buffer.from(s, name);
  return b.toString(name) === s ? b : bad('not in the one ' + name);
};
export const b64 = (s) => decode(s, 'base64');
export const b64url = (s) => decode(s, 'base64url');
export const hash32 = (s) => { const b = b64(s); return b.length === 32 ? b : bad('not a hash'); };

// Ed25519. Node's verify is OpenSSL's: without the cofactor, R compared as bytes, S >= L refused.
const P = 2n ** 255n - 19n, L = 2n ** 252n + 27742317777372353535851937790883648493n;
const little = (b) => BigInt('0x' + Buffer.from(b).reverse().toString('hex'));
const Y8 = little(Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex')) % 2n ** 255n;
const SMALL = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

/** key reads a public key in base64 and refuses points of small order. */
export function key(s) {
  const raw = hash32(s);
  return SMALL.has(little(raw) % 2n ** 255n % P) ? bad('a key is a point of small order') : { raw, text: s };
}
const DER = Buffer.from('302a300506032b6570032100', 'hex');
export function ed25519(k, message, sig) {
  if (sig.length !== 64 || little(sig.subarray(32)) >= L) return false;
  k.object ??= crypto.createPublicKey({ key: Buffer.concat([DER, k.raw]), format: 'der', type: 'spki' });
  return crypto.verify(null, message, k.object, sig);
}

/** Tree is a transcript's tree as its complete subtrees from left to right. */
export class Tree {
  constructor() { this.size = 0; this.stack = []; }
  add(level, hash) {
    this.size += 2 ** level;
    for (let top; (top = this.stack.at(-1)) && top.level === level; level++) hash = nodeHash(this.stack.pop().hash, hash);
    this.stack.push({ level, hash });
  }
  root() {
    if (!this.stack.length) return EMPTY_ROOT;
    let i = this.stack.length - 1, r = this.stack[i].hash;
    while (i-- > 0) r = nodeHash(this.stack[i].hash, r);
    return r;
  }
  /** levels gives those of the fewest complete subtrees from here to an index. */
  levels(to) {
    const out = [];
    for (let at = this.size; at < to; at += 2 ** out.at(-1)) {
      let k = 0;
      while (at % 2 ** (k + 1) === 0 && at + 2 ** (k + 1) <= to) k++;
      out.push(k);
    }
    return out;
  }
}

export function included(leaf, index, size, proof, root) {
  if (index >= size) return false;
  let fn = BigInt(index), sn = BigInt(size) - 1n, r = leaf;
  for (const p of proof) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      r = nodeHash(p, r);
      while (!(fn & 1n) && fn) { fn >>= 1n; sn >>= 1n; }
    } else r = nodeHash(r, p);
    fn >>= 1n; sn >>= 1n;
  }
  return sn === 0n && r.equals(root);
}

export function consistent(first, firstRoot, second, secondRoot, proof) {
  if (first === 0 || first >= second || !proof.length) return false;
  let fn = BigInt(first) - 1n, sn = BigInt(second) - 1n;
  while (fn & 1n) { fn >>= 1n; sn >>= 1n; }
  const path = fn === 0n ? [firstRoot, ...proof] : proof;
  let fr = path[0], sr = path[0];
  for (const c of path.slice(1)) {
    if (sn === 0n) return false;
    if (fn & 1n || fn === sn) {
      fr = nodeHash(c, fr); sr = nodeHash(c, sr);
      while (!(fn & 1n) && fn) { fn >>= 1n; sn >>= 1n; }
    } else sr = nodeHash(sr, c);
    fn >>= 1n; sn >>= 1n;
  }
  return sn === 0n && fr.equals(firstRoot) && sr.equals(secondRoot);
}

export const keyHash = (name, type, k) => sha(name, '\n', Buffer.of(type), k.raw).readUInt32BE(0);

/** note splits a signed note (C2SP signed-note) into its text and its signature lines. */
export function note(bytes) {
  if (!isUtf8(bytes)) bad('a note is not UTF-8');
  const k = bytes.lastIndexOf('\n\n');
  if (k < 0 || bytes.at(-1) !== 10) bad('not a signed note');
  const lines = bytes.subarray(k + 2).toString('utf8').split('\n');
  lines.pop();
  if (lines.length < 1 || lines.length > 16) bad('a note has 1 to 16 signature lines');
  const sigs = lines.map((l) => {
    const m = /^\u2014 ([^\p{White_Space}+]+) ([A-Za-z0-9+/=]+)$/u.exec(l) ?? bad('not a signature line');
    const b = b64(m[2]);
    return b.length >= 5 ? { name: m[1], hash: b.readUInt32BE(0), sig: b.subarray(4) } : bad('a signature is too short');
  });
  return { text: bytes.subarray(0, k + 1), sigs };
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y, NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** json checks one JSON value at s[i], no member twice, without spaces outside strings unless loose; gives its end. */
export function json(s, i, deep, loose = false) {
  const skip = () => { if (loose) while (' \n\r\t'.includes(s[i]) && i < s.length) i++; };
  /** escaped gives the code unit of a long escape at j, and -1 for a short escape. */
  const escaped = (j) => {
    ESCAPE.lastIndex = j;
    const e = (ESCAPE.exec(s) ?? bad('not a JSON escape'))[0];
    return e.length === 6 ? parseInt(e.slice(2), 16) : -1;
  };
  const string = (from) => {
    if (s[from] !== '"') bad('not a JSON string');
    for (let j = from + 1; ;) {
      const c = s.charCodeAt(j);
      if (c === 34) return j + 1;
      if (c === 92) {
        const unit = escaped(j), half = unit >> 10;
        j += unit < 0 ? 2 : 6;
        if (half === 0x37 || (half === 0x36 && escaped(j) >> 10 !== 0x37)) bad('half of a surrogate pair');
        if (half === 0x36) j += 6;
      } else if (c >= 32) j++;
      else bad('not a JSON string');
    }
  };
  const value = (left) => {
    skip();
    const open = s[i];
    if (open === '{' || open === '[') {
      if (left === 0) bad('nested too deep');
      const close = open === '{' ? '}' : ']', names = new Set();
      i++; skip();
      if (s[i] === close) { i++; return; }
      for (; ;) {
        if (open === '{') {
          skip();
          const end = string(i), name = JSON.parse(s.slice(i, end));
          if (names.has(name)) bad('a member is there twice');
          names.add(name);
          i = end; skip();
          if (s[i++] !== ':') bad('not JSON');
        }
        value(left - 1);
        skip();
        if (s[i] === close) { i++; return; }
        if (s[i++] !== ',') bad('not JSON');
      }
    }
    if (open === '"') { i = string(i); return; }
    for (const w of ['true', 'false', 'null']) if (s.startsWith(w, i)) { i += w.length; return; }
    NUMBER.lastIndex = i;
    i += (NUMBER.exec(s) ?? bad('not JSON'))[0].length;
  };
  value(deep);
  skip();
  return i;
}
