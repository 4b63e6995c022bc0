import { Session } from "node:inspector";

export interface Part {
  name: string;
  /** Of the wall time, 0–1. */
  share: number;
}

interface Profile {
  nodes: { id: number; callFrame: { functionName: string; url: string }; children?: number[] }[];
  samples: number[];
  timeDeltas: number[];
}

/** Which part of the product a frame belongs to; `undefined`: whatever called it. */
function partOf(url: string): string | undefined {
  if (/core\/wire\//.test(url)) return "wire";
  if (/poller\/publisher/.test(url)) return "publish";
  if (/\/poller\//.test(url)) return "poll and build";
  if (/core\/adapters\/(bus|rpc)_|@nats-io/.test(url)) return "bus";
  if (/parse_report|core\/contract\/|\/zod[@/]/.test(url)) return "parse";
  if (/core\/adapters\/|\/postgres[@/]/.test(url)) return "SQL encode and driver";
  if (/core\/(metrics|devices|events)\//.test(url)) return "ingest";
  if (/\/bench\//.test(url)) return "bench";
  return undefined;
}

/**
 * Samples this thread's stack for `ms` and answers how the wall time was spent, by part of the
 * product, most first. Runtime and library frames count for the part that called them.
 */
export async function profileParts(ms: number): Promise<Part[]> {
  const session = new Session();
  session.connect();
  const post = <Answer>(method: string, params = {}) =>
    new Promise<Answer>((resolve, reject) =>
      session.post(
        method,
        params,
        (error: Error | null, answer: unknown) => error ? reject(error) : resolve(answer as Answer),
      )
    );
  await post("Profiler.enable");
  await post("Profiler.setSamplingInterval", { interval: 500 });
  await post("Profiler.start");
  await new Promise((resolve) => setTimeout(resolve, ms));
  const { profile } = await post<{ profile: Profile }>("Profiler.stop");
  session.disconnect();
  return sharesOf(profile);
}

function sharesOf({ nodes, samples, timeDeltas }: Profile): Part[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const names = new Map<number, string>();
  const nameOf = (id: number): string => {
    const known = names.get(id);
    if (known !== undefined) return known;
    const { functionName, url } = byId.get(id)!.callFrame;
    const parent = parents.get(id);
    const name = functionName === "(idle)"
      ? "idle"
      : functionName === "(garbage collector)"
      ? "garbage collector"
      : partOf(url) ?? (parent === undefined ? "runtime" : nameOf(parent));
    names.set(id, name);
    return name;
  };
  const spent = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const delta = timeDeltas[index] ?? 0;
    total += delta;
    spent.set(nameOf(id), (spent.get(nameOf(id)) ?? 0) + delta);
  });
  return [...spent].map(([name, time]) => ({ name, share: time / total }))
    .sort((a, b) => b.share - a.share);
}
