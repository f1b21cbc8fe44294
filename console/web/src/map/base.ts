// Coastlines and borders, from Natural Earth by way of world-atlas. They help to find one's way, and say
// nothing of whose a place is.
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import GeoJSON from "ol/format/GeoJSON";
import VectorImageLayer from "ol/layer/VectorImage";
import VectorSource from "ol/source/Vector";
import Feature from "ol/Feature";
import { Fill, Stroke, Style } from "ol/style";
import atlas from "world-atlas/countries-50m.json?url";
import type { Colours } from "./colours";
import { townLayer } from "./towns";
import type Layer from "ol/layer/Layer";

type Atlas = Topology<{ countries: GeometryCollection; land: GeometryCollection }>;

export function baseLayers(): { layers: Layer[]; paint: (c: Colours) => void } {
  const land = new VectorImageLayer({ source: new VectorSource({ wrapX: true }), zIndex: 0, imageRatio: 1.4 });
  const borders = new VectorImageLayer({ source: new VectorSource({ wrapX: true }), zIndex: 1, imageRatio: 1.4 });
  const towns = townLayer();
  void load(land, borders);
  return {
    layers: [land, borders, towns.layer],
    paint(c) {
      land.setStyle(new Style({ fill: new Fill({ color: c.land }), stroke: new Stroke({ color: c.coast, width: 0.8 }) }));
      borders.setStyle(new Style({ stroke: new Stroke({ color: c.border, width: 1, lineDash: [6, 4] }) }));
      towns.paint(c);
    },
  };
}

async function load(land: VectorImageLayer, borders: VectorImageLayer): Promise<void> {
  const topology = (await (await fetch(atlas)).json()) as Atlas;
  const read = new GeoJSON({ featureProjection: "EPSG:3857" });
  land.getSource()?.addFeatures(read.readFeatures(feature(topology, topology.objects.land)) as Feature[]);
  const lines = mesh(topology, topology.objects.countries, (a, b) => a !== b);
  const drawn = read.readGeometry(lines);
  if (drawn) borders.getSource()?.addFeature(new Feature(drawn));
}
