import { Fragment } from "preact";
import type { Baseline, DriftItem } from "@/core/contract/drift.ts";
import { utc } from "@/core/contract/format.ts";
import { localDay } from "@/core/contract/zone_time.ts";

const KINDS = {
  added: ["Only on the router", "text-ok"],
  removed: ["Missing on the router", "text-bad"],
  changed: ["Otherwise on the router", "text-info"],
  moved: ["At another place", "text-warn"],
} as const;

/** Items that differ, under the menu they stand in. */
export function DriftList({ items, baselines, chosen, onChoose }: {
  items: readonly DriftItem[];
  baselines: readonly Baseline[];
  chosen: ReadonlySet<string>;
  onChoose?: (id: string, isChosen: boolean) => void;
}) {
  const menus = Map.groupBy(items, ({ menu }) => menu);
  return (
    <div class="grid gap-3" data-testid="drift">
      {[...menus].map(([menu, own]) => (
        <section key={menu} class="panel" aria-label={menu}>
          <h3 class="mono border-b border-line px-4 py-2 font-medium">{menu}</h3>
          <ul class="divide-y divide-line">
            {own.map((item) => (
              <Item
                key={item.id}
                item={item}
                of={baselines.length > 1
                  ? baselines.find(({ id }) => id === item.baselineId)
                  : undefined}
                isChosen={chosen.has(item.id)}
                {...(onChoose && { onChoose })}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Item({ item, of, isChosen, onChoose }: {
  item: DriftItem;
  of: Baseline | undefined;
  isChosen: boolean;
  onChoose?: (id: string, isChosen: boolean) => void;
}) {
  const { id, kind, label, wanted, running, attributes, since, who, menu } = item;
  const [word, color] = KINDS[kind];
  return (
    <li class="flex gap-3 px-4 py-2.5">
      {onChoose && (
        <input
          type="checkbox"
          class="mt-1"
          aria-label={`Choose ${label || menu}`}
          checked={isChosen}
          onChange={(event) => onChoose(id, event.currentTarget.checked)}
        />
      )}
      <div class="min-w-0 flex-1">
        <p class="flex flex-wrap items-baseline gap-x-2">
          <span class={`text-sm font-medium ${color}`}>{word}</span>
          <bdi class="break line-clamp-3">{label}</bdi>
          <span class="ml-auto text-sm text-text-3">
            since <time dateTime={since} title={utc(since)}>{localDay(since)}</time>
            {who && (
              <>
                , by <bdi>{who}</bdi>
              </>
            )}
          </span>
        </p>
        {kind === "changed"
          ? (
            <dl class="mt-1 grid gap-x-3 gap-y-0.5 text-sm sm:grid-cols-[minmax(6rem,auto)_1fr]">
              {attributes.map(({ name, from, to }) => (
                <Fragment key={name}>
                  <dt class="mono text-text-2">{name}</dt>
                  <dd class="break mono line-clamp-[12]">
                    <Value value={from} word="the baseline has" />
                    <span class="px-1.5 text-text-3" aria-hidden="true">→</span>
                    <Value
                      value={from === to && to !== null ? "another secret" : to}
                      word="the router has"
                    />
                  </dd>
                </Fragment>
              ))}
            </dl>
          )
          : (
            <code class="break mt-1 line-clamp-[12] block text-sm text-text-2">
              <bdi>{running ?? wanted}</bdi>
            </code>
          )}
        {of && (
          <p class="text-xs text-text-3">
            {of.deviceId ? "against its own baseline" : (
              <>
                against the baseline of <bdi>{of.name}</bdi>
              </>
            )}
          </p>
        )}
      </div>
    </li>
  );
}

function Value({ value, word }: { value: string | null; word: string }) {
  return (
    <>
      <span class="sr-only">{word}</span>
      {value === null
        ? <span class="text-text-3">unset</span>
        : <bdi>{value === "" ? '""' : value}</bdi>}
    </>
  );
}
