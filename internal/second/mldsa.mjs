// ML-DSA-44, FIPS 204: verification alone. Every product is below 2^46, so that numbers hold it exactly.
import crypto from 'node:crypto';

const Q = 8380417, K = 4, L = 4, TAU = 39, GAMMA1 = 1 << 17, GAMMA2 = (Q - 1) / 88, BETA = 78, OMEGA = 80, D = 13;
export const KEY_BYTES = 1312, SIG_BYTES = 2420;

const xof = (name, n, ...parts) => {
  const h = crypto.createHash(name, { outputLength: n });
  for (const p of parts) h.update(p);
  return h.digest();
};
const H = (n, ...parts) => xof('shake256', n, ...parts);

/** ZETAS are the powers of 1753 in the order in which the transform takes them. */
const ZETAS = (() => {
  const pow = [1];
  for (let i = 1; i < 256; i++) pow.push((pow[i - 1] * 1753) % Q);
  return pow.map((_, i) => pow[parseInt(i.toString(2).padStart(8, '0').split('').reverse().join(''), 2)]);
})();

function ntt(w) {
  for (let m = 0, len = 128; len >= 1; len >>= 1) {
    for (let start = 0; start < 256; start += 2 * len) {
      const z = ZETAS[++m];
      for (let j = start; j < start + len; j++) {
        const t = (z * w[j + len]) % Q;
        w[j + len] = (w[j] - t + Q) % Q;
        w[j] = (w[j] + t) % Q;
      }
    }
  }
  return w;
}
function inverse(w) {
  for (let m = 256, len = 1; len < 256; len <<= 1) {
    for (let start = 0; start < 256; start += 2 * len) {
      const z = Q - ZETAS[--m];
      for (let j = start; j < start + len; j++) {
        const t = w[j];
        w[j] = (t + w[j + len]) % Q;
        w[j + len] = (z * ((t - w[j + len] + Q) % Q)) % Q;
      }
    }
  }
  return w.map((c) => (c * 8347681) % Q);
}

/** uniform draws a polynomial of the matrix. */
function uniform(seed) {
  for (let n = 1024; ; n *= 2) {
    const b = xof('shake128', n, seed), out = [];
    for (let i = 0; i + 3 <= n && out.length < 256; i += 3) {
      const c = b[i] | (b[i + 1] << 8) | ((b[i + 2] & 0x7f) << 16);
      if (c < Q) out.push(c);
    }
    if (out.length === 256) return out;
  }
}

/** unpack reads 256 numbers of so many bits, the lowest bit first. */
function unpack(b, bits) {
  const out = [];
  for (let i = 0, acc = 0, have = 0; out.length < 256;) {
    while (have < bits) { acc += b[i++] * 2 ** have; have += 8; }
    out.push(acc % 2 ** bits);
    acc = Math.floor(acc / 2 ** bits);
    have -= bits;
  }
  return out;
}

function expand(raw) {
  const rho = raw.subarray(0, 32), a = [], t1 = [];
  for (let r = 0; r < K; r++) {
    a.push(Array.from({ length: L }, (_, s) => uniform(Buffer.concat([rho, Buffer.of(s, r)]))));
    t1.push(ntt(unpack(raw.subarray(32 + 320 * r, 352 + 320 * r), 10).map((c) => (c * 2 ** D) % Q)));
  }
  return { a, t1, tr: H(64, raw) };
}

/** hints reads which coefficients are to be corrected; null where they are not in their one encoding. */
function hints(b) {
  const out = Array.from({ length: K }, () => new Set());
  let at = 0;
  for (let i = 0; i < K; i++) {
    const end = b[OMEGA + i];
    if (end < at || end > OMEGA) return null;
    for (const first = at; at < end; at++) {
      if (at > first && b[at - 1] >= b[at]) return null;
      out[i].add(b[at]);
    }
  }
  while (at < OMEGA) if (b[at++] !== 0) return null;
  return out;
}

function ball(seed) {
  const b = H(1024, seed), c = new Array(256).fill(0);
  for (let i = 256 - TAU, k = 8; i < 256; i++) {
    while (b[k] > i) k++;
    const bit = i + TAU - 256, j = b[k++];
    c[i] = c[j];
    c[j] = (b[bit >> 3] >> (bit & 7)) & 1 ? Q - 1 : 1;
  }
  return c;
}

/** high is the high part of a coefficient, corrected where there is a hint. */
function high(r, hint) {
  let low = r % (2 * GAMMA2);
  if (low > GAMMA2) low -= 2 * GAMMA2;
  let top = 0;
  if (r - low === Q - 1) low--;
  else top = (r - low) / (2 * GAMMA2);
  return hint ? (top + (low > 0 ? 1 : 43)) % 44 : top;
}

/** verify says whether sig is one of message by the key of these bytes, with the empty context. */
export function verify(k, message, sig) {
  if (k.raw.length !== KEY_BYTES || sig.length !== SIG_BYTES) return false;
  k.expanded ??= expand(k.raw);
  const { a, t1, tr } = k.expanded, z = [];
  for (let i = 0; i < L; i++) z.push(unpack(sig.subarray(32 + 576 * i, 608 + 576 * i), 18).map((v) => GAMMA1 - v));
  const h = hints(sig.subarray(32 + 576 * L));
  if (!h || z.some((p) => p.some((c) => Math.abs(c) >= GAMMA1 - BETA))) return false;
  const mu = H(64, tr, Buffer.of(0, 0), message), c = ntt(ball(sig.subarray(0, 32)));
  const zs = z.map((p) => ntt(p.map((v) => (v + Q) % Q)));
  const packed = [];
  for (let r = 0; r < K; r++) {
    const w = inverse(c.map((_, j) => {
      let sum = Q - ((c[j] * t1[r][j]) % Q);
      for (let s = 0; s < L; s++) sum += (a[r][s][j] * zs[s][j]) % Q;
      return sum % Q;
    }));
    for (let j = 0; j < 256; j += 4) {
      const [p, q, u, v] = [0, 1, 2, 3].map((d) => high(w[j + d], h[r].has(j + d)));
      packed.push((p | (q << 6)) & 255, ((q >> 2) | (u << 4)) & 255, ((u >> 4) | (v << 2)) & 255);
    }
  }
  return H(32, mu, Buffer.from(packed)).equals(sig.subarray(0, 32));
}
