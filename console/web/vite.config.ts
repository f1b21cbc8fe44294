import { defineConfig, type Plugin } from "vite";

// The page asks nothing of any server but its node: everything is in the build, and no script or style
// stands in the HTML, so that the policy can refuse both.
export default defineConfig({
  base: "/console/",
  plugins: [fetchedEarly("MapPane")],
  // npm run dev beside a node: PARLEY_API=http://127.0.0.1:8080 npm run dev
  server: { proxy: { "/v1": process.env["PARLEY_API"] ?? "http://127.0.0.1:8080", "/sign-in": process.env["PARLEY_API"] ?? "http://127.0.0.1:8080" } },
  build: {
    outDir: "../dist",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
  },
});

/** fetchedEarly lets the browser fetch a part of the script with the page, and run it when it is asked for. */
function fetchedEarly(part: string): Plugin {
  return {
    name: "fetched-early",
    transformIndexHtml: (_, { bundle }) =>
      Object.values(bundle ?? {}).flatMap((x) =>
        x.type === "chunk" && x.name === part ? [{ tag: "link", attrs: { rel: "modulepreload", fetchpriority: "low", href: `/console/${x.fileName}` }, injectTo: "head" as const }] : [],
      ),
  };
}
