// The towns of the gazetteer with 50,000 people and more (GeoNames, CC BY 4.0), to find one's way and to say a
// position in words. The echo of a notice comes from the node, which knows smaller ones too.
import Feature from "ol/Feature";
import Point from "ol/geom/Point";
import VectorLayer from "ol/layer/Vector";
import VectorSource from "ol/source/Vector";
import { Circle, Fill, Stroke, Style, Text } from "ol/style";
import { onMap } from "./polar";
import file from "./towns.gen.json?url";
import { letters, type Colours } from "./colours";
import { measure, type LonLat } from "./geodesic";

export type Town = { name: string; at: LonLat; size: number };

const towns: Town[] = [];

/** The zoom from which towns of each size are drawn, the smallest first. */
const fromZoom = [8.5, 7.5, 6.5, 5.5, 4.5, 3];

export function townLayer(): { layer: VectorLayer; paint: (c: Colours) => void; reproject: () => void } {
  const source = new VectorSource({ wrapX: true });
  const layer = new VectorLayer({ source, zIndex: 2, declutter: "towns", updateWhileInteracting: false });
  void load(source);
  return {
    layer,
    reproject() {
      for (const f of source.getFeatures()) f.setGeometry(new Point(onMap((f.get("town") as Town).at)));
    },
    paint(c) {
      const large = letters();
      const dot = new Circle({ radius: 2.5, fill: new Fill({ color: c.coast }) });
      const fill = new Fill({ color: `${c.text}b0` });
      const stroke = new Stroke({ color: c.halo, width: 3 });
      layer.setStyle((f, resolution) => {
        const x = f.get("town") as Town;
        if (zoomOf(resolution) < (fromZoom[x.size] ?? 0)) return undefined;
        return new Style({ image: dot, text: new Text({ text: x.name, font: `${(10 + x.size) * large}px system-ui, sans-serif`, offsetY: -9 * large, fill, stroke }), zIndex: x.size });
      });
    },
  };
}

const zoomOf = (resolution: number) => Math.log2(156_543.03 / resolution);

async function load(source: VectorSource): Promise<void> {
  const lines = ((await (await fetch(file)).json()) as string).split("\n");
  let lat = -9000;
  for (const l of lines) {
    const [name = "", north, lon, size] = l.split("\t");
    lat += Number(north);
    towns.push({ name, at: [Number(lon) / 100, lat / 100], size: Number(size) });
  }
  source.addFeatures(towns.map((x) => new Feature({ geometry: new Point(onMap(x.at)), town: x })));
}

/** How far a town is looked for, in degrees of latitude. */
const reachDeg = 3;

/** nearest is the town next to a position, with how far and in which of eight directions it is seen from there. */
export function nearest([lon, lat]: LonLat): { town: Town; km: number; from: number } | null {
  const l = ((((lon + 180) % 360) + 360) % 360) - 180;
  const squeeze = Math.cos((lat * Math.PI) / 180);
  let best: Town | null = null;
  let least = reachDeg * reachDeg;
  for (const x of towns) {
    const dy = x.at[1] - lat;
    if (dy > reachDeg || dy < -reachDeg) continue;
    const dx = (Math.abs(x.at[0] - l) > 180 ? 360 - Math.abs(x.at[0] - l) : x.at[0] - l) * squeeze;
    if (dx * dx + dy * dy < least) {
      least = dx * dx + dy * dy;
      best = x;
    }
  }
  if (!best) return null;
  const way = measure(best.at, [l, lat]);
  return { town: best, km: way.distanceM / 1000, from: Math.round(way.bearingDeg / 45) % 8 };
}
