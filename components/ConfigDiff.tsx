import { Fragment } from "preact";
import type { ConfigChange, DiffLine } from "@/core/contract/configs.ts";

const KINDS = {
  added: ["Added", "text-ok"],
  removed: ["Removed", "text-bad"],
  changed: ["Changed", "text-info"],
  moved: ["Moved", "text-warn"],
} as const;

/** What differs item by item, under the menu it stands in. */
export function ConfigChanges({ changes }: { changes: readonly ConfigChange[] }) {
  const menus = Map.groupBy(changes, ({ menu }) => menu);
  if (menus.size === 0) {
    return <p class="panel p-4 text-text-2">Nothing differs but what the router remarks.</p>;
  }
  return (
    <div class="grid gap-4">
      {[...menus].map(([menu, items]) => (
        <section key={menu} class="panel" aria-label={menu}>
          <h3 class="mono border-b border-line px-4 py-2 font-medium">{menu}</h3>
          <ul class="divide-y divide-line">
            {items.map((item, at) => (
              <li key={at} class="px-4 py-2.5">
                <ConfigChangeItem item={item} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** What is there by itself (a port, a service) does not come or go: settings of it do. */
function wordOf({ kind, before, after }: ConfigChange) {
  const isSet = (after ?? before)?.startsWith("set ") ?? false;
  if (isSet && kind === "added") return ["Set", KINDS.added[1]];
  if (isSet && kind === "removed") return ["Set back", KINDS.removed[1]];
  return KINDS[kind];
}

export function ConfigChangeItem({ item }: { item: ConfigChange }) {
  const [word, color] = wordOf(item);
  return (
    <>
      <p class="flex flex-wrap items-baseline gap-x-2">
        <span class={`text-sm font-medium ${color}`}>{word}</span>
        <bdi class="break line-clamp-3">{item.label}</bdi>
        {item.kind === "moved" && (
          <span class="text-sm text-text-2">
            from place {item.from! + 1} to {item.to! + 1}
          </span>
        )}
      </p>
      {item.kind === "changed" && (
        <dl class="mt-1 grid gap-x-3 gap-y-0.5 text-sm sm:grid-cols-[minmax(6rem,auto)_1fr]">
          {item.attributes.map(({ name, from, to }) => (
            <Fragment key={name}>
              <dt class="mono text-text-2">{name}</dt>
              <dd class="break mono line-clamp-[12]">
                {from !== null && (
                  <del class="bg-bad-soft text-bad no-underline">
                    <bdi>{from === "" ? '""' : from}</bdi>
                  </del>
                )}
                {from === null ? <span class="text-text-3">unset</span> : null}
                <span class="px-1.5 text-text-3" aria-hidden="true">→</span>
                <span class="sr-only">became</span>
                {to === null
                  ? <span class="text-text-3">unset</span>
                  : (
                    <ins class="bg-ok-soft text-ok no-underline">
                      <bdi>{from === to ? "another secret" : to === "" ? '""' : to}</bdi>
                    </ins>
                  )}
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
      {(item.kind === "added" || item.kind === "removed") && (
        <code class="break mt-1 line-clamp-[12] block text-sm text-text-2">
          {item.after ?? item.before}
        </code>
      )}
    </>
  );
}

const LINES = {
  same: ["", " "],
  added: ["bg-ok-soft", "+"],
  removed: ["bg-bad-soft", "−"],
  skipped: ["text-text-3", "…"],
} as const;

/** Line by line, what did not change left out. */
export function TextDiff({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <pre class="mono p-0 text-sm">
      {lines.map(({ kind, text }, at) => {
        const [color, sign] = LINES[kind];
        return (
          <div key={at} class={`flex gap-2 px-3 ${color}`}>
            <span class="w-3 shrink-0 select-none text-text-3">{sign}</span>
            <span class="break whitespace-pre-wrap">{text}</span>
          </div>
        );
      })}
    </pre>
  );
}
