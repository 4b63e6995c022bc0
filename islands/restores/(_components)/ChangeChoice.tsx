import type { Signal } from "@preact/signals";
import { ConfigChangeItem } from "@/components/ConfigDiff.tsx";
import type { ConfigChange } from "@/core/contract/configs.ts";

/** More than this in a menu is shown when somebody opens it. */
const SHOWN = 40;

/** Changes under their menus, each menu and each change to be taken or left. */
export function ChangeChoice({ changes, chosen }: {
  changes: readonly ConfigChange[];
  chosen: Signal<ReadonlySet<number>>;
}) {
  const menus = Map.groupBy(changes.keys(), (at) => changes[at]!.menu);
  const choose = (places: readonly number[], isTaken: boolean) => {
    const next = new Set(chosen.value);
    for (const at of places) {
      if (isTaken) next.add(at);
      else next.delete(at);
    }
    chosen.value = next;
  };
  return (
    <div class="grid gap-4">
      {[...menus].map(([menu, places]) => {
        const taken = places.filter((at) => chosen.value.has(at)).length;
        return (
          <section key={menu} class="panel" aria-label={menu}>
            <details open={places.length <= SHOWN}>
              <summary class="flex flex-wrap items-center gap-3 px-4 py-2">
                <input
                  type="checkbox"
                  aria-label={`All of ${menu}`}
                  checked={taken === places.length}
                  ref={(box) => {
                    if (box) box.indeterminate = taken > 0 && taken < places.length;
                  }}
                  onClick={(event) => event.stopPropagation()}
                  onChange={(event) => choose(places, event.currentTarget.checked)}
                />
                <h3 class="mono mr-auto font-medium">{menu}</h3>
                <span class="text-sm text-text-2">{taken} of {places.length}</span>
              </summary>
              <ul class="divide-y divide-line border-t border-line">
                {places.map((at) => (
                  <li key={at} class="flex gap-3 px-4 py-2.5">
                    <input
                      type="checkbox"
                      class="mt-1"
                      aria-label={`${changes[at]!.kind} ${changes[at]!.label || menu}`}
                      checked={chosen.value.has(at)}
                      onChange={(event) => choose([at], event.currentTarget.checked)}
                    />
                    <div class="min-w-0 flex-1">
                      <ConfigChangeItem item={changes[at]!} />
                    </div>
                  </li>
                ))}
              </ul>
            </details>
          </section>
        );
      })}
    </div>
  );
}
