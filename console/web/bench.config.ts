import base from "./playwright.config";

// make bench-console: measured and printed, and never failed on.
export default { ...base, testDir: "bench", testMatch: "*.bench.ts", timeout: 900_000, reporter: [["line"]] };
