// Coastlines and borders, from Natural Earth by way of world-atlas, and the towns. They help to find one's
// way, and say nothing of whose a place is. They are drawn here, and not as features of the map, which are slower
// by far to make and to move.
import atlas from "world-atlas/countries-50m.json?url";
import type Layer from "ol/layer/Layer";
import type { Colours } from "./colours";
import { Earth, type Atlas } from "./earth";
import { HeldLayer } from "./held";
import { loadTowns, placeTowns, writeTowns } from "./towns";

export type Base = { layer: Layer; paint: (c: Colours) => void; reproject: () => void };

export function base(first: Colours): Base {
  let c = first;
  let earth: Earth | null = null;
  const held = new HeldLayer(0, (h, g) => {
    earth?.draw(h, g, c);
    writeTowns(g, h, c);
  });
  const read = (what: Promise<unknown>) => void what.then(() => held.changed(), () => undefined); // the notices are drawn without
  read(load().then((e) => (earth = e)));
  read(loadTowns());
  return {
    layer: held.layer,
    paint(colours) {
      c = colours;
      held.changed();
    },
    reproject() {
      earth?.place();
      placeTowns();
      held.changed();
    },
  };
}

async function load(): Promise<Earth> {
  const answer = await fetch(atlas);
  return new Earth((await answer.json()) as Atlas);
}
