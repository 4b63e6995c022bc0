import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { BulkChange } from "@/core/contract/bulk.ts";
import type { Group } from "@/core/contract/groups.ts";
import { tagNames } from "@/core/contract/tags.ts";
import { ask } from "../../ask.ts";

export type BulkAction =
  | ("add-tags" | "remove-tags" | "join" | "leave" | "site" | "region" | "interval")
  | ("poll" | "stop" | "retire" | "restore");

/** What a form filled in by {@linkcode BulkFields} asks for. */
export function changeOf(action: BulkAction, form: FormData): BulkChange {
  const text = String(form.get("value") ?? "").trim();
  switch (action) {
    case "add-tags":
      return { action: "tags", add: tagNames(text), remove: [] };
    case "remove-tags":
      return { action: "tags", add: [], remove: tagNames(text) };
    case "join":
    case "leave":
      return { action: "group", groupId: text, isMember: action === "join" };
    case "site":
      return { action: "site", site: text || null };
    case "region":
      return { action: "region", region: text };
    case "interval":
      return { action: "interval", pollIntervalSeconds: text === "" ? null : Number(text) };
    case "poll":
    case "stop":
      return { action: "polling", isEnabled: action === "poll" };
    case "retire":
    case "restore":
      return { action };
  }
}

/** Where names to choose from are read, and which field of an item is the name. */
const KNOWN: Partial<Record<BulkAction, readonly [path: string, field: "name" | "path"]>> = {
  "add-tags": ["/api/tags", "name"],
  "remove-tags": ["/api/tags", "name"],
  site: ["/api/sites", "path"],
};

/** What an action needs to know beside the routers. */
export function BulkFields({ action }: { action: BulkAction }) {
  const names = useSignal<string[]>([]);
  const groups = useSignal<Group[] | undefined>(undefined);
  useEffect(() => {
    const known = KNOWN[action];
    if (known) {
      void read<Record<string, string>>(known[0]).then((items) =>
        names.value = items.map((item) => item[known[1]]!)
      );
    }
    if (action === "join" || action === "leave") {
      void read<Group>("/api/groups").then((items) =>
        groups.value = items.filter(({ rule }) => rule === null)
      );
    }
  }, [action]);

  const input = { name: "value", class: "field max-w-64", autocomplete: "off" } as const;
  switch (action) {
    case "add-tags":
    case "remove-tags":
    case "site":
      return (
        <>
          <input
            {...input}
            list="bulk-known"
            aria-label={action === "site" ? "Site" : "Tags"}
            placeholder={action === "site" ? "Empty: off their site" : "With commas between"}
            required={action !== "site"}
            maxlength={1000}
          />
          <datalist id="bulk-known">
            {names.value.slice(0, 1_000).map((name) => <option key={name} value={name} />)}
          </datalist>
        </>
      );
    case "join":
    case "leave":
      if (groups.value?.length === 0) {
        return (
          <span class="text-sm text-text-2">
            There is no group whose members are chosen:{" "}
            <a class="underline" href="/groups">add one</a> first.
          </span>
        );
      }
      return (
        <select {...input} aria-label="Group" required>
          {groups.value?.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </select>
      );
    case "region":
      return (
        <input
          {...input}
          aria-label="Region"
          placeholder="default"
          required
          pattern="[a-z0-9\-]{1,40}"
        />
      );
    case "interval":
      return (
        <input
          {...input}
          type="number"
          aria-label="Seconds between polls"
          placeholder="Seconds; empty: the default"
          min={5}
          max={86_400}
        />
      );
    default:
      return null;
  }
}

async function read<Item>(path: string): Promise<Item[]> {
  const answer = await ask(path);
  return answer.ok ? (await answer.json() as { items: Item[] }).items : [];
}
