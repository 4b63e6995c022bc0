import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { TopologyNode } from "@/core/contract/topology.ts";

const SHOWN = 8;
/** Apart, as the types know no combobox without a datalist. */
const COMBOBOX: object = { role: "combobox" };

/** Those whose name, address, model or MAC holds the text; the best first. */
export function matching(nodes: readonly TopologyNode[], text: string): TopologyNode[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const rank = ({ name, address, macAddress, model }: TopologyNode) => {
    const lower = name.toLowerCase();
    if (lower.startsWith(wanted) || address === wanted) return 0;
    if (lower.includes(wanted)) return 1;
    return [address, macAddress, model].some((part) => part?.toLowerCase().includes(wanted))
      ? 2
      : 3;
  };
  return nodes.map((node) => ({ node, rank: rank(node) })).filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank).map(({ node }) => node);
}

/** A field that finds one node by what is known of it; arrows and Enter choose. */
export function NodePicker({ label, keepsText = false, nodes, chosen, onType, onChoose }: {
  label: string;
  /** For a search: what was typed stays there. */
  keepsText?: boolean;
  nodes: readonly TopologyNode[];
  /** Name of what is chosen already. */
  chosen?: string | undefined;
  onType?: (text: string) => void;
  onChoose: (node: TopologyNode) => void;
}) {
  const text = useSignal("");
  const isOpen = useSignal(false);
  const active = useSignal(0);
  const id = useId();
  const found = isOpen.value ? matching(nodes, text.value).slice(0, SHOWN) : [];
  const option = (index: number) => `${id}-${index}`;

  function choose(node: TopologyNode) {
    text.value = keepsText ? text.value : "";
    isOpen.value = false;
    onChoose(node);
  }
  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && found.length > 0) {
      event.preventDefault();
      active.value = (active.value + step + found.length) % found.length;
    } else if (event.key === "Enter" && found[active.value]) {
      event.preventDefault();
      choose(found[active.value]!);
    } else if (event.key === "Escape") isOpen.value = false;
  }

  return (
    <div class="relative min-w-0">
      <input
        type="text"
        class="field"
        {...COMBOBOX}
        aria-label={label}
        aria-expanded={found.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? option(active.value) : undefined}
        placeholder={chosen ?? label}
        autocomplete="off"
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value;
          isOpen.value = true;
          active.value = 0;
          onType?.(text.value);
        }}
        onKeyDown={key}
        onBlur={() => isOpen.value = false}
      />
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label={label}
        class={found.length === 0
          ? "hidden"
          : "panel absolute z-20 mt-1 max-h-72 w-full min-w-60 overflow-auto p-1 shadow-pop"}
      >
        {found.map((node, index) => (
          <li
            key={node.key}
            id={option(index)}
            role="option"
            aria-selected={index === active.value}
            class={`cursor-pointer rounded px-2 py-1 ${index === active.value ? "bg-raised" : ""}`}
            // Before blur closes the list.
            onPointerDown={(event) => {
              event.preventDefault();
              choose(node);
            }}
          >
            <bdi class="break line-clamp-1">{node.name}</bdi>
            <span class="block text-xs text-text-3">
              {[node.address ?? node.macAddress, node.kind === "device" ? null : "not managed"]
                .filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
