// What only one page needs is asked for by that page, and again whenever something happened at the node.
import { useEffect, useState } from "preact/hooks";
import { said, language } from "../api/client";
import { news, now, status } from "./store";
import { typed } from "./typed";

export type Asked<T> = { value: T | null; why: string };

/** useAsk reads something while a page shows it. key names what is read. */
export function useAsk<T>(what: () => Promise<T>, key: string): Asked<T> {
  const [answer, setAnswer] = useState<Asked<T> & { key: string }>({ value: null, why: "", key });
  useEffect(() => {
    let left = false;
    what().then(
      (value) => !left && setAnswer({ value, why: "", key }),
      (e: unknown) => !left && setAnswer({ value: null, why: said(e), key }),
    );
    return () => {
      left = true;
    };
  }, [key, news.value, language.value]);
  return answer.key === key ? answer : { value: null, why: "" };
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

/** instant reads a time that was typed as UTC. What is none is for the node to refuse, with its words. */
export function instant(v: string): string {
  const time = typed(v, now.value);
  return time ? `${time}:00Z` : v;
}
