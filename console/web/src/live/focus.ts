// Where the keyboard is. What it stood on may go: a step that was done, an alarm that another officer took, a
// page that was closed. The focus then goes to what stands in that place, never back to the top of the page,
// and never onto a button: a key that is held down must not do the next thing.

const stops = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Place is where something stood: its ancestors, nearest first, and at which of their children. */
type Place = { at: HTMLElement; way: { in: HTMLElement; index: number }[] };

function placeOf(at: HTMLElement): Place {
  const way: Place["way"] = [];
  for (let x: HTMLElement = at; x.parentElement && x !== document.body; x = x.parentElement) {
    way.push({ in: x.parentElement, index: [...x.parentElement.children].indexOf(x) });
  }
  return { at, way };
}

/** rest puts the focus on something that is no button, so that Tab goes on from there. */
export function rest(on: Element | null | undefined): void {
  if (!(on instanceof HTMLElement)) return;
  if (!on.matches(stops)) {
    on.tabIndex = -1;
    on.addEventListener("blur", () => on.removeAttribute("tabindex"), { once: true });
  }
  on.focus();
}

const seen = (x: Element) => x.getClientRects().length > 0;

/** put moves the focus to what stands where something stood. */
function put(was: Place): void {
  for (const { in: box, index } of was.way) {
    if (!box.isConnected || !seen(box)) continue;
    const next = box.children[index] ?? box.lastElementChild;
    rest(next && !next.matches("a, button, input, select, textarea") ? next : box);
    return;
  }
}

/** opened is what the focus was on when the page beside the map was opened, and where that stood. */
let opened: Place | null = null;
let last: Place | null = null;
/** moving says that the focus has left one stop for another, and has not come there. */
let moving = false;

/** again puts the focus back where it was lost. */
function again(): void {
  const was = last;
  if (!was || document.activeElement !== document.body || !document.hasFocus()) return;
  if (was.at.isConnected && seen(was.at)) was.at.focus();
  if (document.activeElement === document.body) put(was);
}

/** keep begins to follow the focus. */
export function keep(): void {
  document.addEventListener("focusin", (e) => {
    moving = false;
    if (e.target instanceof HTMLElement) last = placeOf(e.target);
  });
  document.addEventListener("focusout", (e) => (moving = e.relatedTarget !== null));
  // Who clicks beside everything means to leave.
  document.addEventListener("pointerdown", (e) => {
    if (e.target instanceof Element && !e.target.closest(stops)) last = null;
  });
  // What went took the focus along: it is put back before any key or frame comes. Between two stops nothing has the
  // focus for a moment as well; what is lost then is lost a frame later too.
  let asked = false;
  new MutationObserver(() => {
    if (!moving && last?.at.isConnected === false) again();
    if (asked || (document.activeElement !== document.body && !last?.at.matches(":disabled"))) return;
    asked = true;
    requestAnimationFrame(() =>
      window.setTimeout(() => {
        asked = false;
        again();
      }),
    );
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
}

/** enter is called when a page is opened beside the map, or another in its place. */
export function enter(detail: HTMLElement | null): void {
  if (!detail) return;
  if (last && !detail.contains(last.at) && seen(last.at)) opened = last;
  detail.focus();
}

/** leave is called when it was closed: the focus goes back to where it was. */
export function leave(): void {
  const was = opened;
  opened = null;
  if (!was) return;
  if (was.at.isConnected) was.at.focus();
  else put(was);
}
