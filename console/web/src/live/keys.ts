// The keys of a party under the agreement, read from its signed versions.
/** A key counts from its version, or its own bound, until it is revoked or a version leaves it out. */
export type Key = { kind: "party" | "line" | "tls"; key: string; from: string; until: string; how: "" | "revoked" | "replaced" };
type Bound = { key: string; from: string; revoked: string };
type Party = { name: string; party_key: string; line_keys: Bound[]; tls_keys: Bound[] };

/** termsOf reads what a signed note says; null where it is none of this form. */
function termsOf(note: string): { version: number; from: string; parties: Party[] } | null {
  const [, type, json] = /^([^\n]*)\n([\s\S]*?)\n\n— /.exec(note) ?? [];
  if (type !== "parley/agreement/v1" || !json) return null;
  try {
    return JSON.parse(json) as { version: number; from: string; parties: Party[] };
  } catch {
    return null;
  }
}

/** keysOf are the keys that a party ever had under the agreement, the newest first; notes are its versions, the newest last. */
export function keysOf(party: string, notes: string[]): Key[] {
  const out = new Map<string, Key>();
  for (const note of notes) {
    const terms = termsOf(note);
    const p = terms?.parties.find((x) => x.name === party);
    if (!terms || !p) continue;
    const here = new Set<string>();
    const put = (kind: Key["kind"], k: Bound) => {
      here.add(kind + k.key);
      const from = out.get(kind + k.key)?.from || k.from || terms.from;
      out.set(kind + k.key, { kind, key: k.key, from, until: k.revoked, how: k.revoked ? "revoked" : "" });
    };
    put("party", { key: p.party_key, from: "", revoked: "" });
    p.line_keys.forEach((k) => put("line", k));
    p.tls_keys.forEach((k) => put("tls", k));
    for (const [id, k] of out) if (!here.has(id) && k.how === "") out.set(id, { ...k, until: terms.from, how: "replaced" });
  }
  return [...out.values()].reverse();
}
