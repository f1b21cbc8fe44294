// The verifier, as it is on the verify page, run in a worker of this page. It is served by the node and asks
// nothing of it: the worker can reach no network.
import { language } from "../api/client";

export type Headline = { language: string; name: string; rtl: boolean; reviewed: boolean; head: string; means: string[] };
export type Failed = { name: string; entry: string; why: string; words: string };
export type Row = { side: string; party: string; kind: string; entry: string; remark: string; times: { what: string; time: string; clock: string }[] };
export type Verdict = {
  error?: string;
  tone: string;
  verdict: string;
  headlines: Headline[];
  wrong: Failed[];
  signers: { party: string; fingerprint: string; known: string }[];
  stated: string;
  checks: unknown[];
  text: string;
};

const rowsAtMost = 200;

/** verify judges a file and returns the verdict, with the entries that it shows. */
export async function verify(file: Blob, trust: string): Promise<{ verdict: Verdict; rows: Row[] }> {
  const wasm = await fetch("/verify/verifier.txt");
  if (!wasm.ok) throw new Error(await wasm.text());
  const text = await wasm.text();
  const worker = new Worker("/verify/worker.js");
  try {
    await answer(worker, { type: "load", wasm: text }, "ready");
    worker.postMessage({ type: "speak", language: language.value });
    const { view } = (await answer(worker, { type: "check", file, trust }, "view")) as { view: Verdict };
    if (view.error) throw new Error(view.error);
    worker.postMessage({ type: "timeline", party: "", kind: "" });
    const { rows } = (await answer(worker, { type: "rows", count: rowsAtMost, asked: 1 }, "rows")) as { rows: { rows: Row[] } };
    return { verdict: view, rows: rows.rows };
  } finally {
    worker.terminate();
  }
}

/** answer sends a message and waits for the one that answers it. */
function answer(worker: Worker, message: object, type: string): Promise<unknown> {
  return new Promise((done, fail) => {
    worker.onmessage = (e: MessageEvent<{ type: string; text?: string }>) => {
      if (e.data.type === type) done(e.data);
      if (e.data.type === "failed" || e.data.type === "ended") fail(new Error(e.data.text ?? e.data.type));
    };
    worker.onerror = (e) => fail(new Error(e.message));
    worker.postMessage(message);
  });
}
