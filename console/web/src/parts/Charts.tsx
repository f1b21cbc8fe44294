// The statistics of a line over its days as charts. The table beside them says the same, for who cannot see
// them; the two parties differ by the line's dashes and the points, and not by colour alone.
import { useEffect, useRef } from "preact/hooks";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { StatisticsRow } from "../api/schema.gen";
import { night } from "../live/settings";
import { t } from "../words/say";

type Plot = { title: string; series: { name: string; values: (number | null)[] }[] };

export function Charts({ rows, parties }: { rows: StatisticsRow[]; parties: string[] }) {
  const days = rows.map((r) => Date.parse(r.period) / 1000);
  const of = (party: string, value: (p: StatisticsRow["parties"][number]) => number | null) =>
    rows.map((r) => {
      const p = r.parties.find((x) => x.party === party);
      return p ? value(p) : null;
    });
  const plots: Plot[] = [
    { title: t("chart.notices"), series: [...parties.map((p) => ({ name: p, values: of(p, (x) => x.notices_total) })), { name: t("conflicts"), values: rows.map((r) => r.conflicts) }] },
    { title: t("chart.lead"), series: parties.map((p) => ({ name: p, values: of(p, (x) => (x.median_lead_s === null ? null : x.median_lead_s / 3600)) })) },
    { title: t("chart.late"), series: parties.map((p) => ({ name: p, values: of(p, (x) => (x.late_share === null ? null : x.late_share * 100)) })) },
    { title: t("chart.alarms"), series: [{ name: t("chart.all-alarms"), values: rows.map((r) => r.alarms) }, { name: t("stats.false"), values: rows.map((r) => r.false_alarms) }] },
    { title: t("chart.up"), series: [{ name: t("line.up"), values: rows.map((r) => (r.availability === null ? null : r.availability * 100)) }] },
  ];
  return (
    <div class="charts" aria-hidden="true" dir="ltr">
      {plots.map((p) => (
        <Chart key={p.title} plot={p} days={days} />
      ))}
    </div>
  );
}

const dayS = 86_400;
const dashes: number[][] = [[], [8, 4], [2, 4]];

function Chart({ plot, days }: { plot: Plot; days: number[] }) {
  const box = useRef<HTMLDivElement>(null);
  const data = JSON.stringify([days, plot]);
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const css = getComputedStyle(document.documentElement);
    const colour = (name: string) => css.getPropertyValue(`--${name}`).trim();
    const colours = [colour("map-own"), colour("map-other"), colour("bad")];
    const axis = { stroke: colour("text"), grid: { stroke: colour("rule"), width: 1 }, ticks: { stroke: colour("rule") } };
    const u = new UPlot(
      {
        title: plot.title,
        width: Math.max(220, at.clientWidth),
        height: 150,
        scales: { x: { time: false, range: () => [(days[0] ?? 0) - dayS, (days[days.length - 1] ?? 0) + dayS] }, y: { range: (_, __, most) => [0, Math.max(1, (most ?? 1) * 1.1)] } },
        axes: [{ ...axis, space: 60, incrs: [1, 2, 7, 14, 30, 90, 365].map((n) => n * dayS), values: (_, ticks) => ticks.map((s) => new Date(s * 1000).toISOString().slice(5, 10)) }, { ...axis, size: 44 }],
        series: [
          { label: t("stats.day"), value: (_, s) => (s === null || s === undefined ? "" : new Date(s * 1000).toISOString().slice(0, 10)) },
          ...plot.series.map((s, i) => ({ label: s.name, stroke: colours[i % 3] ?? "", width: 2, dash: dashes[i % 3] ?? [], points: { show: true, size: 6 + 4 * i, fill: "transparent" } })),
        ],
      },
      [days, ...plot.series.map((s) => s.values)],
      at,
    );
    return () => u.destroy();
  }, [data, night.value]);
  return <div class="chart" ref={box} />;
}
