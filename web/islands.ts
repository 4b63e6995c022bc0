/**
 * Server side of islands: a vnode whose type is a registered island renders as
 * `<fresh-island data-i="file#export" data-p="props">`. Props travel by devalue (Date, Map, BigInt and
 * signals shared between islands survive); JSX props stay server HTML in `<fresh-slot>`.
 */
import {
  type ComponentChildren,
  type ComponentType,
  createContext,
  h,
  isValidElement,
  options,
  type VNode,
} from "preact";
import { useContext } from "preact/hooks";
import { Signal } from "@preact/signals";
import { stringify } from "devalue";

/** What one page render collects. */
export interface RenderState {
  /** Files of the islands used: exactly these are preloaded. */
  islands: Set<string>;
  signals: Map<Signal<unknown>, number>;
}

interface Scope {
  state: RenderState;
  /** Islands used by islands are plain components: the outermost one hydrates them all. */
  inside: boolean;
}

type AnyComponent = ComponentType<Record<string, unknown>>;

const ScopeContext = createContext<Scope | null>(null);
const registry = new Map<unknown, string>();
let isRaw = false;

/** Every component that a module below islands/ exports is an island. */
export function registerIslands(files: Record<string, Record<string, unknown>>): void {
  for (const [file, module] of Object.entries(files)) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value === "function" && /^(default|[A-Z])/.test(name)) {
        registry.set(value, `${file}#${name}`);
      }
    }
  }
}

export function withScope(state: RenderState, children: ComponentChildren): VNode {
  return h(ScopeContext.Provider, { value: { state, inside: false } }, children) as VNode;
}

/** Signals pass `isValidElement` (they render as text), so they are ruled out first. */
function hasVNode(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasVNode);
  return isValidElement(value) && !((value as unknown) instanceof Signal);
}

function rawElement(type: AnyComponent, props: Record<string, unknown>): VNode {
  isRaw = true;
  try {
    return h(type, props) as VNode;
  } finally {
    isRaw = false;
  }
}

function outside(scope: Scope, children: ComponentChildren) {
  return h(ScopeContext.Provider, { value: { ...scope, inside: false } }, children);
}

function Slot(props: { name: string; used: Set<string>; children: ComponentChildren }) {
  const scope = useContext(ScopeContext)!;
  props.used.add(props.name);
  return h("fresh-slot", { "data-k": props.name }, outside(scope, props.children));
}

/** Slots that the island did not render now: kept in templates until it does. */
function Unused({ slots, used }: { slots: [string, ComponentChildren][]; used: Set<string> }) {
  const scope = useContext(ScopeContext)!;
  return slots.filter(([name]) => !used.has(name))
    .map(([name, children]) => h("template", { "data-k": name }, outside(scope, children)));
}

function Island({ type, id, given }: {
  type: AnyComponent;
  id: string;
  given: Record<string, unknown>;
}) {
  const scope = useContext(ScopeContext);
  if (!scope || scope.inside) return rawElement(type, given);
  const { state } = scope;
  state.islands.add(id.slice(0, id.indexOf("#")));
  const data: Record<string, unknown> = {};
  const live: Record<string, unknown> = {};
  const slots: [string, ComponentChildren][] = [];
  const used = new Set<string>();
  for (const [name, value] of Object.entries(given)) {
    if (hasVNode(value)) {
      slots.push([name, value as ComponentChildren]);
      live[name] = h(Slot, { name, used, children: value as ComponentChildren });
    } else if (value !== undefined) data[name] = live[name] = value;
  }
  const serialised = serialise(id, data, state.signals);
  return h(
    "fresh-island",
    { "data-i": id, "data-p": serialised },
    h(ScopeContext.Provider, { value: { state, inside: true } }, rawElement(type, live)),
    slots.length > 0 && h(Unused, { slots, used }),
  );
}

function serialise(
  id: string,
  props: Record<string, unknown>,
  signals: Map<Signal<unknown>, number>,
): string {
  try {
    return stringify(props, {
      Signal: (value) => {
        if (!(value instanceof Signal)) return;
        if (!signals.has(value)) signals.set(value, signals.size);
        return [signals.get(value), value.peek()];
      },
    });
  } catch (cause) {
    throw new TypeError(`Cannot send props to ${id}: ${(cause as Error).message}`, { cause });
  }
}

const previousHook = options.vnode;
options.vnode = (vnode) => {
  if (!isRaw && typeof vnode.type === "function") {
    const id = registry.get(vnode.type);
    if (id !== undefined) {
      const mutable = vnode as unknown as { type: unknown; props: unknown };
      mutable.props = { type: mutable.type, id, given: mutable.props };
      mutable.type = Island;
    }
  }
  previousHook?.(vnode);
};
