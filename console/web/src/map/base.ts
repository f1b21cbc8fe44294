// Coastlines and borders, from Natural Earth by way of world-atlas. They help to find one's way, and say
// nothing of whose a place is.
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import GeoJSON from "ol/format/GeoJSON";
import VectorImageLayer from "ol/layer/VectorImage";
import VectorSource from "ol/source/Vector";
import Feature from "ol/Feature";
import type Geometry from "ol/geom/Geometry";
import MultiLineString from "ol/geom/MultiLineString";
import { Fill, Stroke, Style } from "ol/style";
import atlas from "world-atlas/countries-50m.json?url";
import type { Colours } from "./colours";
import { inUse, onMap } from "./polar";
import { townLayer } from "./towns";
import type Layer from "ol/layer/Layer";

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export type Base = { layers: Layer[]; paint: (c: Colours) => void; reproject: () => void };

export function baseLayers(): Base {
  const image = (zIndex: number) => new VectorImageLayer({ source: new VectorSource({ wrapX: true }), zIndex, imageRatio: 1.4 });
  const [land, coasts, borders, grid] = [image(0), image(0.5), image(1), image(1.5)];
  const towns = townLayer();
  void load(land, coasts, borders);
  return {
    layers: [land, coasts, borders, grid, towns.layer],
    reproject() {
      for (const l of [land, coasts, borders]) l.getSource()?.getFeatures().forEach(place);
      towns.reproject();
      const source = grid.getSource();
      source?.clear();
      if (inUse.peek().pole) source?.addFeature(new Feature(new MultiLineString(graticule())));
    },
    paint(c) {
      land.setStyle(new Style({ fill: new Fill({ color: c.land }) }));
      coasts.setStyle(new Style({ stroke: new Stroke({ color: c.coast, width: 0.8 }) }));
      borders.setStyle(new Style({ stroke: new Stroke({ color: c.border, width: 1, lineDash: [6, 4] }) }));
      grid.setStyle(new Style({ stroke: new Stroke({ color: c.dim, width: 0.5 }) }));
      towns.paint(c);
    },
  };
}

/** place puts a feature, which knows itself in degrees, on the projection of the map. */
function place(f: Feature): void {
  const degrees = f.get("degrees") as Geometry;
  f.setGeometry(degrees.clone().transform("EPSG:4326", inUse.peek().projection));
}

async function load(land: VectorImageLayer, coasts: VectorImageLayer, borders: VectorImageLayer): Promise<void> {
  const topology = (await (await fetch(atlas)).json()) as Atlas;
  const read = new GeoJSON();
  const add = (to: VectorImageLayer, all: Geometry[]) => {
    const features = all.map((degrees) => new Feature({ degrees }));
    features.forEach(place);
    to.getSource()?.addFeatures(features);
  };
  add(land, (read.readFeatures(feature(topology, topology.objects.land)) as Feature[]).flatMap((f) => f.getGeometry() ?? []));
  add(coasts, [new MultiLineString(withoutSeams(mesh(topology, topology.objects.land).coordinates))]);
  add(borders, [new MultiLineString(mesh(topology, topology.objects.countries, (a, b) => a !== b).coordinates)]);
}

/** withoutSeams leaves out where the data was cut open: along the antimeridian and the south pole, where no coast is. */
function withoutSeams(lines: number[][][]): number[][][] {
  const cut = (p: number[]) => Math.abs(p[0] ?? 0) > 179.99 || (p[1] ?? 0) < -89.9;
  return lines.flatMap((line) => {
    const out: number[][][] = [[]];
    line.forEach((p, i) => {
      if (i > 0 && cut(p) && cut(line[i - 1] as number[])) out.push([]);
      out.at(-1)?.push(p);
    });
    return out.filter((l) => l.length > 1);
  });
}

/** graticule is every 30th meridian and every 5th parallel, where there is little land to find one's way by. */
function graticule(): number[][][] {
  const s = inUse.peek().pole === "south" ? -1 : 1;
  const lines: number[][][] = [];
  for (let lat = 40; lat < 90; lat += 5) lines.push(Array.from({ length: 121 }, (_, i) => onMap([i * 3 - 180, s * lat])));
  for (let lon = -180; lon < 180; lon += 30) lines.push([onMap([lon, s * 40]), onMap([lon, s * (lon % 90 === 0 ? 90 : 85)])]);
  return lines;
}
