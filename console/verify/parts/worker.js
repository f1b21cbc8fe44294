// What follows runs in the worker: it holds the verifier, and answers the page.
"use strict";

let file = null;

// unpack makes the bytes of the verifier from their text.
async function unpack(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).arrayBuffer();
}

async function load(text) {
  const go = new Go();
  const { instance } = await WebAssembly.instantiate(await unpack(text), go.importObject);
  const ended = () => postMessage({ type: "ended" });
  go.run(instance).then(ended, ended);
  postMessage({ type: "ready", version: self.parley.version });
}

// read returns bytes of the file; it waits for them, which a worker may.
const read = (from, count) => new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(from, from + count)));

function check(message) {
  file = message.file;
  let last = 0;
  const progress = (bytes) => {
    const now = performance.now();
    if (now - last > 50) {
      last = now;
      postMessage({ type: "progress", part: file.size > 0 ? bytes / file.size : 1 });
    }
  };
  const began = performance.now();
  const view = JSON.parse(self.parley.check(file.size, read, message.trust, progress));
  postMessage({ type: "view", view, tookMs: performance.now() - began });
}

self.onmessage = async (event) => {
  const message = event.data;
  try {
    switch (message.type) {
      case "load": await load(message.wasm); break;
      case "check": check(message); break;
      case "speak": {
        const view = JSON.parse(self.parley.speak(message.language));
        if (view.tone) {
          postMessage({ type: "said", view });
        }
        break;
      }
      case "timeline": self.parley.timeline(message.party, message.kind); break;
      case "rows": postMessage({ type: "rows", asked: message.asked, rows: JSON.parse(self.parley.rows(message.count)) }); break;
    }
  } catch (error) {
    postMessage({ type: "failed", text: String(error) });
  }
};
