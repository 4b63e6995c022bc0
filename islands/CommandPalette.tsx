import { useSignal } from "@preact/signals";
import { ask } from "./ask.ts";
import { useEffect, useRef } from "preact/hooks";
import type { Client } from "@/core/contract/clients.ts";
import type { Device } from "@/core/contract/device.ts";
import { Icon } from "@/components/Icon.tsx";

interface Entry {
  label: string;
  hint: string;
  href: string;
}

const PAGES: Entry[] = [
  { label: "Overview", hint: "g o", href: "/" },
  { label: "Devices", hint: "g d", href: "/devices" },
  { label: "Clients", hint: "g c", href: "/clients" },
  { label: "Sites", hint: "g s", href: "/sites" },
  { label: "Groups", hint: "g g", href: "/groups" },
  { label: "Tags", hint: "", href: "/tags" },
  { label: "Discovery", hint: "", href: "/discovery" },
  { label: "Router logins", hint: "", href: "/settings/credentials" },
  { label: "Topology", hint: "g y", href: "/topology" },
  { label: "Map", hint: "g m", href: "/map" },
  { label: "Events", hint: "g e", href: "/events" },
  { label: "Configurations", hint: "g c", href: "/configs" },
  { label: "Changes", hint: "g p", href: "/pushes" },
  { label: "Change sets", hint: "", href: "/change-sets" },
  { label: "Compare routers", hint: "", href: "/compare" },
  { label: "Logs", hint: "g l", href: "/logs" },
  { label: "Add router", hint: "n", href: "/devices/new" },
  { label: "Audit log", hint: "g a", href: "/audit" },
  { label: "Transparency", hint: "g t", href: "/transparency" },
  { label: "API reference", hint: "", href: "/docs" },
];
const SEARCH_AFTER_MS = 150;

/** Ctrl/Cmd+K finds pages, devices and clients; `g d` and the like jump; `?` opens it as help. */
export default function CommandPalette({ mayFindClients }: { mayFindClients: boolean }) {
  const query = useSignal("");
  const devices = useSignal<Entry[]>([]);
  const selected = useSignal(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const entries = [
    ...PAGES.filter(({ label }) => label.toLowerCase().includes(query.value.toLowerCase())),
    ...devices.value,
  ];

  function open() {
    query.value = "";
    devices.value = [];
    selected.value = 0;
    dialog.current?.showModal();
  }

  async function search(text: string) {
    if (text.trim() === "") return void (devices.value = []);
    const [routers, clients] = await Promise.all([
      found<Device>("/api/devices?limit=8", text),
      mayFindClients ? found<Client>("/api/clients?limit=6", text) : [],
    ]);
    if (query.value !== text) return;
    devices.value = [
      ...routers.map(({ id, name, address, status }) => ({
        label: name,
        hint: `${address} · ${status}`,
        href: `/devices/${id}`,
      })),
      ...clients.map(({ macAddress, name, addresses }) => ({
        label: name ?? macAddress,
        hint: `client · ${addresses[0] ?? macAddress}`,
        href: `/clients/${macAddress}`,
      })),
    ];
  }

  function type(text: string) {
    query.value = text;
    selected.value = 0;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void search(text), SEARCH_AFTER_MS);
  }

  function key(event: KeyboardEvent) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const length = Math.max(entries.length, 1);
      selected.value = (selected.value + step + length) % length;
    } else if (event.key === "Enter" && entries[selected.value]) {
      location.href = entries[selected.value]!.href;
    }
  }

  useEffect(() => {
    let first = "";
    const shortcut = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if ((event.ctrlKey || event.metaKey) && event.key === "k") {
        event.preventDefault();
        open();
      } else if (!isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        const keys = first === "g" ? `g ${event.key}` : event.key;
        first = event.key === "g" && first !== "g" ? "g" : "";
        const page = PAGES.find(({ hint }) => hint !== "" && hint === keys);
        if (page) location.href = page.href;
        else if (event.key === "?") open();
        else if (event.key === "/") {
          const field = document.querySelector<HTMLInputElement>("input[type=search]");
          if (field) {
            event.preventDefault();
            field.focus();
          }
        }
      }
    };
    addEventListener("keydown", shortcut);
    return () => removeEventListener("keydown", shortcut);
  }, []);

  return (
    <>
      <button
        type="button"
        class="nav-link w-full border border-line"
        onClick={open}
        data-testid="palette-open"
      >
        <Icon name="search" />
        <span>Find</span>
        <kbd class="ml-auto rounded border border-line px-1.5 text-xs text-text-3">Ctrl K</kbd>
      </button>
      <dialog ref={dialog} class="mt-[12vh] w-[min(560px,94vw)] p-0" aria-label="Find">
        <input
          class="w-full border-b border-line bg-transparent px-4 py-3 text-lg outline-none"
          placeholder="Find a page, a router or a client"
          aria-label="Find a page, a router or a client"
          value={query.value}
          onInput={(event) => type(event.currentTarget.value)}
          onKeyDown={key}
        />
        <ul class="max-h-[50vh] overflow-auto p-2">
          {entries.map(({ label, hint, href }, index) => (
            <li key={href}>
              <a
                class="nav-link"
                aria-current={index === selected.value ? "page" : undefined}
                href={href}
              >
                <span class="break">{label}</span>
                <span class="ml-auto text-sm text-text-3">{hint}</span>
              </a>
            </li>
          ))}
          {entries.length === 0 && <li class="px-3 py-2 text-text-3">Nothing found.</li>}
        </ul>
        <p class="border-t border-line px-4 py-2 text-sm text-text-3">
          g o overview · g d devices · g s sites · g g groups · g y topology · g e events · g c
          configurations · n add router · / search · ? this help
        </p>
      </dialog>
    </>
  );
}

/** What a list of the API finds for a text; nothing where it refuses. */
async function found<Item>(list: string, text: string): Promise<Item[]> {
  const response = await ask(`${list}&q=${encodeURIComponent(text)}`);
  return response.ok ? (await response.json() as { items: Item[] }).items : [];
}
