/** Browser side of islands: each hydrates on its own, so one that fails leaves the others alive. */
import { Component, type ComponentChild, type ComponentType, h, hydrate, render } from "preact";
import { Signal, signal } from "@preact/signals";
import { parse } from "devalue";

export type Loader = () => Promise<Record<string, unknown>>;
type AnyComponent = ComponentType<Record<string, unknown>>;

interface BoundaryProps {
  type: AnyComponent;
  given: Record<string, unknown>;
  onError(error: unknown): void;
}

const signals = new Map<number, Signal<unknown>>();

/** Elements that belong to `root` itself, not to an island or slot inside it. */
function own(root: ParentNode, selector: string, boundary: string): Element[] {
  return [...root.querySelectorAll(selector)].filter((element) => {
    const owner = element.parentElement?.closest(boundary);
    return !owner || owner === root || !root.contains(owner);
  });
}

export function createBoot(loaders: Record<string, Loader>) {
  /** Server HTML inside an island: never re-rendered; islands in it are roots of their own. */
  class Slot extends Component<{ name: string; html: string }> {
    element: Element | null = null;
    override shouldComponentUpdate() {
      return false;
    }
    override componentDidMount() {
      if (this.element) void boot(this.element);
    }
    override componentWillUnmount() {
      for (const island of this.element?.querySelectorAll("fresh-island[data-on]") ?? []) {
        render(null, island);
      }
    }
    override render({ name, html }: { name: string; html: string }): ComponentChild {
      return h("fresh-slot", {
        "data-k": name,
        ref: (element: Element | null) => {
          if (element) this.element = element;
        },
        dangerouslySetInnerHTML: { __html: html },
      });
    }
  }

  /** Keeps what an island throws, now or in a later update, from the islands drawn in the same turn. */
  class Boundary extends Component<BoundaryProps, { hasFailed: boolean }> {
    override state = { hasFailed: false };
    override componentDidCatch(error: unknown) {
      this.setState({ hasFailed: true }, () => this.props.onError(error));
    }
    override render({ type, given }: BoundaryProps): ComponentChild {
      return this.state.hasFailed ? null : h(type, given);
    }
  }

  /** The server's HTML stays, marked for style sheets; islands in its slots live on. */
  function giveUp(element: Element, html: string, error: unknown): Promise<void> {
    console.error("an island failed", element.getAttribute("data-i"), error);
    render(null, element);
    element.innerHTML = html;
    element.setAttribute("data-failed", "");
    return boot(element);
  }

  async function start(element: Element, html: string): Promise<void> {
    const [file = "", name = ""] = (element.getAttribute("data-i") ?? "").split("#");
    const type = (await loaders[file]?.())?.[name] as AnyComponent | undefined;
    if (!type) throw new ReferenceError("Cannot find it in the build");
    if (!element.isConnected) return;
    const props = parse(element.getAttribute("data-p") ?? "{}", {
      Signal: ([id, value]: [number, unknown]) => {
        let shared = signals.get(id);
        if (!shared) signals.set(id, shared = signal(value));
        return shared;
      },
    }) as Record<string, unknown>;
    for (const slot of own(element, "fresh-slot", "fresh-island")) {
      const key = slot.getAttribute("data-k")!;
      props[key] ??= h(Slot, { name: key, html: slot.innerHTML });
    }
    for (
      const template of element.querySelectorAll<HTMLTemplateElement>(":scope > template[data-k]")
    ) {
      const key = template.dataset["k"]!;
      props[key] ??= h(Slot, { name: key, html: template.innerHTML });
      template.remove();
    }
    const onError = (error: unknown) => void giveUp(element, html, error);
    hydrate(h(Boundary, { type, given: props, onError }), element);
  }

  async function boot(root: ParentNode): Promise<void> {
    const islands = own(root, "fresh-island:not([data-on])", "fresh-island");
    for (const island of islands) island.setAttribute("data-on", "");
    await Promise.all(islands.map((island) => {
      const html = island.innerHTML;
      return start(island, html).catch((error) => giveUp(island, html, error));
    }));
  }
  return boot;
}
