// What stands for a kind and a state in a list, where no map is.
import type { Notice } from "../api/schema.gen";

const kindSymbols: Record<string, string> = { flight: "✈", movement: "⇢", area: "▦", hazard: "⁘", site: "✚" };
const stateSymbols: Record<string, string> = { overdue: "!", cancelled: "×", ended: "·" };

/** symbol stands for a kind and state in one or two characters, for lists and labels. */
export function symbol(n: Pick<Notice, "kind" | "state">): string {
  return (kindSymbols[n.kind ?? ""] ?? "?") + (stateSymbols[n.state] ?? "");
}
