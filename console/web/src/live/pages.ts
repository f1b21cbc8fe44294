// The pages beside the map, by their names in the address.
export const pages = ["notice", "notices", "conflict", "call", "calls", "file", "line", "desk", "record", "review", "statement", "answers", "sites", "voice", "log", "audit"] as const;
export type PageName = (typeof pages)[number];
