// The node's API, typed from its OpenAPI document. One place adds the language and turns a refusal into
// an error that a person can read.
import createClient, { type Middleware } from "openapi-fetch";
import { signal } from "@preact/signals";
import type { paths, Problem } from "./schema.gen";

export const language = signal("en");

/** Refused is what the node did not do, in its words. */
export class Refused extends Error {
  constructor(readonly status: number, readonly problem: Problem) {
    super(problem.words || [problem.field, problem.rule].filter(Boolean).join(" ") + (problem.hint ? "; " + problem.hint : ""));
  }
}

const words: Middleware = {
  onRequest({ request }) {
    request.headers.set("Accept-Language", language.value);
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });
api.use(words);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** got returns what the node answered, or throws what it refused. */
export async function got<T>(call: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (data !== undefined && response.ok) return data;
  const problem = (error && typeof error === "object" ? error : { code: "unavailable", rule: `HTTP ${response.status}` }) as Problem;
  throw new Refused(response.status, problem);
}

/** raw is a body that the node reads as it is, of a type that the client has no form for. */
export function raw<T extends string | ArrayBuffer>(data: T, type: string) {
  return { body: data as never, bodySerializer: (b: unknown) => b as T, headers: { "Content-Type": type } };
}

/** said is an error in words. */
export function said(e: unknown): string {
  return e instanceof Error ? e.message : String(e);
}
