import { defineConfig } from "@playwright/test";

// The system's Chromium, without what it asks the network for by itself.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 1,
  // A test that fails on a busy machine and then passes is reported as flaky; one that fails three times has failed.
  retries: process.env["CI"] ? 2 : 0,
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    },
  },
});
