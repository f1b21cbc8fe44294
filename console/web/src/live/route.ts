// Where the page is, in the address after #, so that a reload and the back button work.
import { signal } from "@preact/signals";

export type Route = { page: string; id: string };

function read(): Route {
  const [page = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  return { page, id: rest.map(decodeURIComponent).join("/") };
}

export const route = signal<Route>(read());

export function listen(): void {
  window.addEventListener("hashchange", () => {
    route.value = read();
  });
}

export function to(page: string, id = ""): string {
  return `#/${page}${id ? "/" + encodeURIComponent(id) : ""}`;
}

export function go(page: string, id = ""): void {
  location.hash = to(page, id);
}
