import { batch, computed, type Signal, signal } from "@preact/signals";
import type { ChangeSet, ChangeSetHead, PendingChange } from "@/core/contract/change_sets.ts";
import type { ConfigCommand } from "@/core/contract/config_commands.ts";
import { menuFor, type MenuSchema } from "@/core/contract/editor/field.ts";
import { menuSchema } from "@/core/contract/editor/known_menus.ts";
import { type PendingRow, pendingRows } from "@/core/contract/editor/pending_rows.ts";
import { type RouterVersion, routerVersion } from "@/core/contract/editor/router_version.ts";
import type { EditorMenu, EditorTable } from "@/core/contract/editor/table.ts";
import { ask, send } from "../../ask.ts";

export interface EditorDevice {
  id: string;
  name: string;
  version: string | null;
}

/** What the form is open for. */
export type FormFor =
  | { kind: "add"; from: PendingRow | undefined }
  | { kind: "edit"; row: PendingRow };

interface Problem {
  title?: string;
  issues?: { path: string; message: string }[];
}

/** A refusal, with its words and what it says of single attributes. */
export interface Refusal {
  text: string;
  issues: { name: string; message: string }[];
}

/** Everything an editor of one router holds: what is shown, what is read, what waits. */
export class EditorState {
  readonly device: EditorDevice;
  readonly version: RouterVersion;
  readonly path: Signal<string>;
  readonly table = signal<EditorTable | undefined>(undefined);
  readonly isReading = signal(false);
  readonly readProblem = signal("");
  readonly set: Signal<ChangeSet | undefined>;
  readonly openSets: Signal<readonly ChangeSetHead[]>;
  readonly form = signal<FormFor | undefined>(undefined);
  readonly filter = signal("");
  readonly isSaving = signal(false);
  /** Of the last change that was refused. */
  readonly problem = signal("");
  /** Of the last one that was kept, for those who do not see it. */
  readonly said = signal("");
  readonly menus = signal<readonly EditorMenu[] | undefined>(undefined);

  readonly schema = computed<MenuSchema | undefined>(() => {
    const known = menuSchema(this.path.value);
    return known && menuFor(known, this.version);
  });
  /** What waits for this router. */
  readonly pending = computed<readonly PendingChange[]>(() =>
    this.set.value?.pending.filter(({ deviceId }) => deviceId === this.device.id) ?? []
  );
  readonly rows = computed<readonly PendingRow[]>(() =>
    this.table.value ? pendingRows(this.table.value, this.pending.value) : []
  );
  readonly shown = computed<readonly PendingRow[]>(() => {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) return this.rows.value;
    return this.rows.value.filter(({ values }) => {
      const text = Object.entries(values).map(([name, value]) => `${name}=${value}`).join(" ")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
  });
  #reading = 0;

  constructor(
    { device, path, set, openSets }: {
      device: EditorDevice;
      path: string;
      set: ChangeSet | undefined;
      openSets: readonly ChangeSetHead[];
    },
  ) {
    this.device = device;
    this.version = routerVersion(device.version);
    this.path = signal(path);
    this.set = signal(set);
    this.openSets = signal(openSets);
  }

  open(path: string): void {
    batch(() => {
      this.path.value = path;
      this.table.value = undefined;
      this.filter.value = "";
      this.form.value = undefined;
      this.problem.value = "";
    });
    void this.refresh();
  }

  async refresh(): Promise<void> {
    const turn = ++this.#reading;
    this.isReading.value = true;
    this.readProblem.value = "";
    const query = new URLSearchParams({ menu: this.path.value });
    const answer = await ask(`${this.#router}/table?${query}`).catch(() => undefined);
    const body = await answer?.json().catch(() => undefined);
    if (turn !== this.#reading) return;
    batch(() => {
      this.isReading.value = false;
      if (answer?.ok) this.table.value = body;
      else this.readProblem.value = body?.title ?? NO_ANSWER;
    });
  }

  /** With secrets, until the table is read again. */
  async reveal(reason: string): Promise<boolean> {
    const answer = await send("POST", `${this.#router}/reveal`, { menu: this.path.value, reason })
      .catch(() => undefined);
    const body = await answer?.json().catch(() => undefined);
    if (answer?.ok) this.table.value = body;
    else this.problem.value = body?.title ?? NO_ANSWER;
    return answer?.ok ?? false;
  }

  async readMenus(): Promise<void> {
    if (this.menus.value) return;
    const answer = await ask(`${this.#router}/menus`).catch(() => undefined);
    if (answer?.ok) this.menus.value = (await answer.json()).items;
  }

  /** Names that an attribute may refer to. */
  async values(menu: string, attribute: string): Promise<string[]> {
    const query = new URLSearchParams({ menu, attribute });
    const answer = await ask(`${this.#router}/values?${query}`).catch(() => undefined);
    return answer?.ok ? (await answer.json()).items : [];
  }

  /** Puts commands to what waits; a change set begins with the first. `undefined`: it worked. */
  async add(
    changes: { command: ConfigCommand; seen?: Record<string, string> }[],
    isUnchecked = false,
  ): Promise<Refusal | undefined> {
    return await this.#saving(async () => {
      const set = this.set.value ?? await this.#begin();
      if ("text" in set) return set;
      const body = { deviceId: this.device.id, changes, ...(isUnchecked && { isUnchecked }) };
      return await this.#write("POST", `/api/change-sets/${set.id}/changes`, body, set.id);
    });
  }

  async edit(
    id: string,
    command: ConfigCommand,
    isUnchecked = false,
  ): Promise<Refusal | undefined> {
    const set = this.set.value!.id;
    const path = `/api/change-sets/${set}/changes/${id}`;
    const body = { command, ...(isUnchecked && { isUnchecked }) };
    return await this.#saving(() => this.#write("PUT", path, body, set));
  }

  async undo(...ids: string[]): Promise<void> {
    const set = this.set.value!.id;
    for (const id of ids) {
      const path = `/api/change-sets/${set}/changes/${id}`;
      if (await this.#saving(() => this.#write("DELETE", path, undefined, set))) return;
    }
    this.said.value = ids.length === 1 ? "Undone" : `${ids.length} changes undone`;
  }

  async rename(name: string): Promise<void> {
    const set = this.set.value!.id;
    await this.#saving(() => this.#write("PATCH", `/api/change-sets/${set}`, { name }, set));
  }

  /** Goes on with another change set; `undefined`: a new one begins with the next change. */
  async choose(id: string | undefined): Promise<void> {
    if (id === undefined) this.set.value = undefined;
    else await this.#readSet(id);
  }

  get #router(): string {
    return `/api/devices/${this.device.id}/editor`;
  }

  async #begin(): Promise<{ id: string } | Refusal> {
    const name = `Changes to ${this.device.name}`.slice(0, 200);
    const answer = await send("POST", "/api/change-sets", { name }).catch(() => undefined);
    const body = await answer?.json().catch(() => undefined);
    if (!answer?.ok) return refusalOf(body);
    this.openSets.value = [body, ...this.openSets.value];
    return body;
  }

  async #write(
    method: "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body: unknown,
    setId: string,
  ): Promise<Refusal | undefined> {
    const answer = await send(method, path, body).catch(() => undefined);
    if (!answer?.ok) return refusalOf(await answer?.json().catch(() => undefined));
    await this.#readSet(setId);
    return undefined;
  }

  async #readSet(id: string): Promise<void> {
    const answer = await ask(`/api/change-sets/${id}`).catch(() => undefined);
    if (answer?.ok) this.set.value = await answer.json();
  }

  async #saving(work: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
    this.isSaving.value = true;
    this.problem.value = "";
    try {
      const refusal = await work();
      if (refusal) this.problem.value = refusal.text;
      return refusal;
    } finally {
      this.isSaving.value = false;
    }
  }
}

const NO_ANSWER = "The server did not answer: check your connection, then try again.";

function refusalOf(body: Problem | undefined): Refusal {
  const issues = (body?.issues ?? []).map(({ path, message }) => ({
    name: path.replace(/^changes\.\d+\.?/, ""),
    message,
  }));
  const reasons = issues.map(({ name, message }) => name ? `${name} ${message}` : message);
  const title = body?.title ?? NO_ANSWER;
  return { text: reasons.length > 0 ? `${title}: ${reasons.join("; ")}` : title, issues };
}
