// What only one page needs is asked for by that page, and again whenever something happened at the node, or the page
// is live again.
import { useEffect, useState } from "preact/hooks";
import { api, got, language, Refused, said } from "../api/client";
import type { Notice } from "../api/schema.gen";
import { freshness, news, partsOf, status } from "./store";

export type Asked<T> = { value: T | null; why: string };

/** useAsk reads something while a page shows it. key names what is read. It is read again at any news, or, where the
 * page knows what it hangs on, when that, as, is another. */
export function useAsk<T>(what: () => Promise<T>, key: string, as?: string): Asked<T> {
  const [answer, setAnswer] = useState<Asked<T> & { key: string }>({ value: null, why: "", key });
  useEffect(() => {
    let left = false;
    what().then(
      (value) => !left && setAnswer({ value, why: "", key }),
      // What the node could not be asked stays as it was last; what it refused is gone.
      (e: unknown) => !left && setAnswer((was) => ({ value: e instanceof Refused && e.status < 500 || was.key !== key ? null : was.value, why: said(e), key })),
    );
    return () => {
      left = true;
    };
  }, [key, as ?? news.value, language.value, freshness.value.live]);
  return answer.key === key ? answer : { value: null, why: "" };
}

/** readNotice reads a notice by its key, with its echo and as it was told, which the page does not follow. */
export function readNotice(key: string): Promise<Notice> {
  const { line, party, id } = partsOf(key);
  return got(api.GET("/v1/notices/{id}", { params: { path: { id }, query: { party, line } } }));
}

/** may says whether the officer's role is one of some. The node decides; the page only leaves out what it would refuse. */
export function may(...roles: string[]): boolean {
  return roles.includes(status.value?.officer.role ?? "");
}

/** save hands a file to the browser. */
export function save(name: string, data: Blob): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(data);
  a.download = name;
  a.click();
  window.setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}
