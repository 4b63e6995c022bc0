import type { DeviceSample, PollReport } from "@/core/contract/sample.ts";

/** JetStream takes messages of 1 MiB at most unless told otherwise; headers need room too. */
export const MAX_REPORT_BYTES = 960_000;

type List = { section: string; items: unknown[]; keep(items: unknown[]): void };

/**
 * A report as it travels. A sample that is too large for one message loses the ends of its longest
 * lists until it fits, and says so among its collectors: what it still holds is true.
 */
export function encodeReport(report: PollReport, maxBytes = MAX_REPORT_BYTES): Uint8Array {
  let data = encode(report);
  if (data.length <= maxBytes || report.kind !== "sample") return data;
  const cut = { ...report, collectors: [...report.collectors] };
  const named = new Set<string>();
  while (data.length > maxBytes) {
    const longest = listsOf(cut)
      .map((list) => ({ list, bytes: JSON.stringify(list.items).length }))
      .sort((a, b) => b.bytes - a.bytes)[0];
    // What is left is bounded by the reader of each value.
    if (!longest || longest.list.items.length === 0) break;
    const { section, items, keep } = longest.list;
    keep(items.slice(0, items.length >> 1));
    if (!named.has(section)) {
      const error = `the sample was too large for one message: a part of ${section} was left out`;
      cut.collectors.push({ name: section, outcome: "failed", ms: 0, error });
      named.add(section);
    }
    data = encode(cut);
  }
  return data;
}

function listsOf(sample: DeviceSample): List[] {
  const lists: List[] = [];
  const plain = ["interfaces", "neighbors", "peers", "sensors", "poe", "optics", "packages"];
  for (const section of plain as ("interfaces" | "neighbors")[]) {
    const items = sample[section];
    if (items) lists.push({ section, items, keep: (kept) => sample[section] = kept as never });
  }
  const { clients, wireless } = sample;
  if (clients) {
    const keep = (kept: unknown[]) =>
      sample.clients = { clients: kept as typeof clients.clients, isCut: true };
    lists.push({ section: "clients", items: clients.clients, keep });
  }
  if (wireless) {
    const keep = (kept: unknown[]) =>
      sample.wireless = { ...wireless, clients: kept as typeof wireless.clients };
    lists.push({ section: "wireless", items: wireless.clients, keep });
  }
  return lists;
}

function encode(report: PollReport): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(report));
}
