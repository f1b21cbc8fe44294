// Parts that are not needed to say what needs an officer now: loaded after that is on the screen.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { said } from "../api/client";
import { t } from "../words/say";

const retryMs = 2_000;

/** Later is a part that is loaded once, however often it is shown. */
export type Later<P> = { Part: ComponentType<P>; load: () => Promise<unknown> };

/** later makes a part of a script that is loaded when the part is shown, or when load is called before. */
export function later<P extends object>(script: () => Promise<ComponentType<P>>): Later<P> {
  let Known: ComponentType<P> | null = null;
  let loading: Promise<unknown> | null = null;
  const load = () =>
    (loading ??= script().then(
      (x) => (Known = x),
      (e: unknown) => {
        loading = null; // to be tried again
        throw e;
      },
    ));
  const Part = (p: P) => {
    const [, shown] = useState(Known !== null);
    const [why, setWhy] = useState("");
    useEffect(() => {
      let timer = 0;
      const attempt = () =>
        load().then(
          () => shown(true),
          (e: unknown) => {
            setWhy(said(e));
            timer = window.setTimeout(attempt, retryMs);
          },
        );
      // The script may have come since this was drawn: an effect runs a frame later.
      if (Known) shown(true);
      else void attempt();
      return () => window.clearTimeout(timer);
    }, []);
    if (Known) return <Known {...p} />;
    return why ? <p class="bad" role="status">{t("failed", { why })}</p> : null;
  };
  return { Part, load };
}
