import type { LayoutInput, Point } from "./layout.ts";
import type { LayoutAnswer, LayoutRequest } from "./layout_worker.ts";

/** One Worker a page; what was asked last is answered, what was asked before is forgotten. */
export class LayoutWorker implements Disposable {
  readonly #worker = new Worker(new URL("./layout_worker.ts", import.meta.url), { type: "module" });
  #asked = 0;
  #settle: ((points: Map<string, Point> | undefined) => void) | undefined;

  constructor(readonly onProblem: (text: string) => void) {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<LayoutAnswer>) => {
      if (data.id !== this.#asked) return;
      if (data.problem) onProblem(`The picture could not be laid out: ${data.problem}.`);
      performance.measure("topology-layout", { start: performance.now() - data.ms });
      this.#settle?.(data.points);
    });
    this.#worker.addEventListener("error", () => {
      onProblem("The layout could not start in this browser: reload the page, try again.");
    });
  }

  /** `undefined`: another one was asked for meanwhile, or it failed. */
  layOut(input: LayoutInput): Promise<Map<string, Point> | undefined> {
    this.#settle?.(undefined);
    const { promise, resolve } = Promise.withResolvers<Map<string, Point> | undefined>();
    this.#settle = resolve;
    this.#worker.postMessage({ id: ++this.#asked, ...input } satisfies LayoutRequest);
    return promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
