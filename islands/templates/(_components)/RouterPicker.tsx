import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { ask } from "../../ask.ts";

export interface PickedRouter {
  id: string;
  name: string;
}

const ASK_AFTER_MS = 200;

/** Finds a router by what people know of it. */
export function RouterPicker({ label, onPick }: {
  label: string;
  onPick: (router: PickedRouter) => void;
}) {
  const q = useSignal("");
  const found = useSignal<PickedRouter[] | undefined>(undefined);
  useEffect(() => {
    const ending = new AbortController();
    const timer = setTimeout(async () => {
      const query = new URLSearchParams({ q: q.value, limit: "8" });
      const answer = await ask(`/api/devices?${query}`, { signal: ending.signal }).catch(() =>
        undefined
      );
      if (answer?.ok && !ending.signal.aborted) found.value = (await answer.json()).items;
    }, ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [q.value]);
  return (
    <div>
      <label>
        <span class="mb-1 block font-medium">{label}</span>
        <input
          type="search"
          class="field max-w-md"
          placeholder="Name, address, model or site"
          autocomplete="off"
          value={q.value}
          onInput={(event) => q.value = event.currentTarget.value}
        />
      </label>
      <div class="mt-2 flex flex-wrap gap-2" aria-live="polite">
        {found.value?.length === 0 && <span class="text-text-2">No router fits.</span>}
        {found.value?.map((router) => (
          <button
            key={router.id}
            type="button"
            class="btn max-w-64"
            onClick={() => onPick({ id: router.id, name: router.name })}
          >
            <bdi class="truncate">{router.name}</bdi>
          </button>
        ))}
      </div>
    </div>
  );
}
