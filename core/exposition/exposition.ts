import { InvalidInput, TooManyRequests } from "@/core/errors.ts";
import type { Clock } from "@/core/ports/clock.ts";
import { demand, type Scope } from "@/core/scope.ts";
import {
  type Collection,
  DEVICE_FAMILIES,
  DEVICE_INFO,
  DEVICE_STATUS,
  type ExposedDevice,
  INTERFACE_FAMILIES,
  OPTIC_FAMILIES,
  POE_FAMILIES,
  RADIO_FAMILIES,
  SENSOR_FAMILIES,
  type Valued,
} from "./families.ts";
import { type ExposedState, readExposed } from "./read_exposed.ts";
import { type Family, familyLines, labels } from "./text_format.ts";

export interface ExpositionQuery {
  /** In the language of the fleet table; empty: the whole fleet. */
  query: string;
  collections: readonly Collection[];
}

/** Routers read in one step. */
const PAGE = 500;
/** Routers, interfaces, radios and sensors in one answer: some 80 MB of memory. */
const MOST_THINGS = 400_000;
const MOST_AT_ONCE = 4;
const LONGEST_MS = 60_000;

/** Things of one kind: labels and, a column a family, values; `NaN` where there is none. */
class Group<Thing> {
  readonly labels: string[] = [];
  readonly #columns: number[][];

  constructor(readonly families: readonly Valued<Thing>[]) {
    this.#columns = families.map(() => []);
  }

  add(labels: string, thing: Thing): void {
    this.labels.push(labels);
    this.families.forEach(({ of }, i) => this.#columns[i]!.push(of(thing) ?? NaN));
  }

  *lines(): Generator<string> {
    for (const [i, family] of this.families.entries()) {
      yield* familyLines(family, this.labels, this.#columns[i]!);
    }
  }
}

/** What the fleet reads now, family after family. Nothing of it is the text yet: that is made on the way out. */
class Exposition {
  readonly #info: string[] = [];
  readonly #status: string[] = [];
  readonly #devices = new Group(DEVICE_FAMILIES);
  readonly #interfaces = new Group(INTERFACE_FAMILIES);
  readonly #radios = new Group(RADIO_FAMILIES);
  readonly #poe = new Group(POE_FAMILIES);
  readonly #optics = new Group(OPTIC_FAMILIES);
  readonly #sensors = new Map<Family, { labels: string[]; values: number[] }>();
  #things = 0;

  add(device: ExposedDevice, state: ExposedState, collections: ReadonlySet<Collection>): void {
    const own = labels({ device: device.name, id: device.id });
    if (collections.has("devices")) {
      this.#devices.add(own, device);
      this.#info.push(`${own},${infoOf(device)}`);
      this.#status.push(`${own},${labels({ status: device.status, reason: device.reason })}`);
      this.#count(1);
    }
    const each = <Thing extends { interface: string }>(
      things: Thing[] = [],
      group: Group<Thing>,
    ) => {
      for (const thing of unique(things, (thing) => thing.interface)) {
        group.add(`${own},${labels({ interface: thing.interface })}`, thing);
        this.#count(1);
      }
    };
    for (const port of unique(state.interfaces ?? [], ({ name }) => name)) {
      this.#interfaces.add(`${own},${labels({ interface: port.name, type: port.type })}`, port);
      this.#count(1);
    }
    each(radiosOf(state), this.#radios);
    each(state.poe, this.#poe);
    each(state.optics?.filter(({ isPresent }) => isPresent), this.#optics);
    for (const { name, kind, value, state: is } of unique(state.sensors ?? [], (s) => s.name)) {
      const family = SENSOR_FAMILIES[kind];
      const reading = kind === "state" ? { ok: 0, fail: 1, unknown: null }[is ?? "unknown"] : value;
      if (!family || reading === null) continue;
      const column = this.#sensors.get(family) ?? { labels: [], values: [] };
      this.#sensors.set(family, column);
      column.labels.push(`${own},${labels({ sensor: name })}`);
      column.values.push(reading);
      this.#count(1);
    }
  }

  *lines(): Generator<string> {
    yield* familyLines(DEVICE_INFO, this.#info, undefined);
    yield* familyLines(DEVICE_STATUS, this.#status, undefined);
    const groups = [this.#devices, this.#interfaces, this.#radios, this.#poe, this.#optics];
    for (const group of groups) yield* group.lines();
    for (const [family, { labels, values }] of this.#sensors) {
      yield* familyLines(family, labels, values);
    }
  }

  #count(things: number): void {
    this.#things += things;
    if (this.#things <= MOST_THINGS) return;
    throw new InvalidInput("Cannot put this much into one answer", [{
      path: "query",
      message: "fits too much: scrape the fleet in parts, or fewer collections of it",
    }]);
  }
}

/** One label set twice would make the whole answer unreadable: of a name that comes twice the first counts. */
function unique<Thing>(things: readonly Thing[], nameOf: (thing: Thing) => string): Thing[] {
  const seen = new Set<string>();
  return things.filter((thing) => {
    const name = labels({ name: nameOf(thing) });
    return !seen.has(name) && seen.add(name);
  });
}

function infoOf(device: ExposedDevice): string {
  const { address, site, region, identity, model, boardName, version, serialNumber, firmware } =
    device;
  return labels({
    ...{ address, site, region, identity, model, board: boardName, version },
    ...{ serial: serialNumber, firmware },
  });
}

function radiosOf({ wireless }: ExposedState) {
  return (wireless?.radios ?? []).map((radio) => ({
    ...radio,
    signals: (wireless?.clients ?? []).flatMap((client) =>
      client.interface === radio.interface && client.signalDbm !== null ? [client.signalDbm] : []
    ),
  }));
}

let running = 0;

/** Takes a place among those that are answered; gives it back once, at the latest after a minute. */
function takePlace(): () => void {
  if (running >= MOST_AT_ONCE) {
    throw new TooManyRequests("Cannot answer more scrapes at once: scrape less often", 5);
  }
  running += 1;
  let isTaken = true;
  const giveBack = () => {
    clearTimeout(timer);
    if (isTaken) running -= 1;
    isTaken = false;
  };
  // Nobody may ever read what was asked for.
  const timer = setTimeout(giveBack, LONGEST_MS);
  Deno.unrefTimer(timer);
  return giveBack;
}

/**
 * Current readings of the tenant's fleet for Prometheus, in pieces. Read in pages, kept as numbers, and
 * written family by family; only a few at a time, as each may be large.
 *
 * @throws {InvalidInput} if the query is not understood, or fits too much
 * @throws {TooManyRequests} if others are being answered
 */
export async function exposeFleet(
  scope: Scope,
  { query, collections }: ExpositionQuery,
  { clock }: { clock: Clock },
): Promise<ReadableStream<string>> {
  demand(scope, "metrics:read");
  const giveBack = takePlace();
  try {
    const exposition = new Exposition();
    const wanted = new Set(collections);
    let after: string | undefined;
    do {
      const page = await readExposed(scope, {
        ...{ query, collections, after, limit: PAGE },
        nowMs: clock.now(),
      });
      for (const { device, state } of page.devices) exposition.add(device, state, wanted);
      after = page.after;
    } while (after !== undefined);
    const lines = exposition.lines();
    return new ReadableStream({
      pull(stream) {
        const { value, done } = lines.next();
        if (!done) return stream.enqueue(value);
        giveBack();
        stream.close();
      },
      cancel: giveBack,
    });
  } catch (error) {
    giveBack();
    throw error;
  }
}
