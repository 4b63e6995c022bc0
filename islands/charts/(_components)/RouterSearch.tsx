import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Device } from "@/core/contract/device.ts";
import { ask } from "../../ask.ts";

export interface FoundDevice {
  id: string;
  name: string;
}

const SEARCH_AFTER_MS = 150;
const SHOWN = 8;

/** Finds a router by what is typed; Enter takes the first. */
export function RouterSearch({ without, onFound }: {
  without: readonly string[];
  onFound(device: FoundDevice): void;
}) {
  const query = useSignal("");
  const found = useSignal<Device[] | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const search = async (text: string) => {
    if (text.trim() === "") return void (found.value = undefined);
    const limit = String(SHOWN + without.length);
    const answer = await ask(`/api/devices?${new URLSearchParams({ q: text, limit })}`);
    if (!answer.ok || query.value !== text) return;
    const { items } = await answer.json() as { items: Device[] };
    found.value = items.filter(({ id }) => !without.includes(id)).slice(0, SHOWN);
  };
  const type = (text: string) => {
    query.value = text;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void search(text), SEARCH_AFTER_MS);
  };
  const take = ({ id, name }: Device) => {
    query.value = "";
    found.value = undefined;
    onFound({ id, name });
  };
  const first = found.value?.[0];
  return (
    <form
      class="relative"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (first) take(first);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") found.value = undefined;
      }}
    >
      <input
        type="search"
        class="field w-56"
        placeholder="Add a router"
        aria-label="Add a router to the comparison"
        value={query.value}
        onInput={(event) => type(event.currentTarget.value)}
      />
      {found.value && (
        <ul class="panel absolute left-0 z-10 mt-1 w-72 max-w-[80vw] p-1 shadow-pop">
          {found.value.map((device) => (
            <li key={device.id}>
              <button
                type="button"
                class="flex w-full items-baseline gap-2 rounded-control px-2 py-1 text-left hover:bg-raised"
                onClick={() => take(device)}
              >
                <bdi class="truncate">{device.name}</bdi>
                <span class="ml-auto text-xs text-text-3">{device.address}</span>
              </button>
            </li>
          ))}
          {found.value.length === 0 && <li class="px-2 py-1 text-text-3">No router matches</li>}
        </ul>
      )}
    </form>
  );
}
