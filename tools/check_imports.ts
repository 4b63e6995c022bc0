/**
 * `deno task imports`: fails when a folder imports what it may not, or when domains of core import
 * each other in a circle. The most specific rule that matches a file holds.
 */
import { readdir, readFile } from "node:fs/promises";

interface Rule {
  readonly from: string;
  /** Folders or files it may import, besides itself and packages. */
  readonly may: readonly string[];
  readonly why: string;
}

const CORE_SHARED = [
  "core/ports/",
  "core/contract/",
  "core/errors.ts",
  "core/scope.ts",
  "core/subjects.ts",
  "core/log.ts",
  "core/config.ts",
];

const RULES: readonly Rule[] = [
  { from: "core/contract/", may: [], why: "it is shipped to browsers" },
  {
    from: "core/srp/",
    may: [],
    why: "it holds secrets, is shipped to browsers and judged by itself",
  },
  { from: "core/wire/", may: ["core/errors.ts"], why: "a protocol knows no product" },
  { from: "core/ports/", may: CORE_SHARED, why: "interfaces hold no code of the product" },
  { from: "core/", may: ["core/", "migrations/"], why: "core serves every role and knows none" },
  {
    from: "islands/",
    may: [
      ...["islands/", "components/", "core/contract/", "core/srp/"],
      ...["web/runtime/", "web/islands.ts"],
    ],
    why: "islands run in browsers",
  },
  {
    from: "components/",
    may: ["components/", "islands/", "core/contract/"],
    why: "components are drawn from contract types alone",
  },
  {
    from: "routes/",
    may: ["routes/", "islands/", "components/", "core/", "web/", "gen/"],
    why: "routes never poll or relay: roles meet on the bus",
  },
  { from: "poller/", may: ["core/"], why: "the poller serves no pages: roles meet on the bus" },
  { from: "relay/", may: ["core/"], why: "the relay serves no pages: roles meet on the bus" },
  { from: "web/", may: ["gen/"], why: "the web layer knows nothing of the product" },
  {
    from: "tools/sim/",
    may: [],
    why: "the simulator is judged by our client, so it shares no code with it",
  },
];

const ADAPTERS = "core/adapters/";
const SIMULATOR = "tools/sim/";

const isTest = (file: string) => /_(test|bench)\.tsx?$/.test(file) || /^(tests|bench)\//.test(file);

/** Files of this repository that `source` imports, in any form, types too. */
export function importsOf(file: string, source: string): string[] {
  const pattern =
    /(?:^|[;\n}])\s*(?:import|export)\b(?:[^;"'`]*?\bfrom)?\s*["']([^"']+)["']|\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g;
  // A commented line imports nothing.
  const code = source.replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
  return Array.from(code.matchAll(pattern), ([, fixed, late]) => fixed ?? late!)
    .filter((specifier) => /^(?:\.{1,2}\/|@\/)/.test(specifier))
    .map((specifier) =>
      specifier.startsWith("@/")
        ? specifier.slice(2)
        : new URL(specifier, `file:///${file}`).pathname.slice(1)
    );
}

/** What is wrong with the imports of one file, a sentence each. */
export function violations(file: string, source: string): string[] {
  if (isTest(file)) return [];
  const found: string[] = [];
  const rule = RULES.find(({ from }) => file.startsWith(from));
  for (const target of importsOf(file, source)) {
    if (target.startsWith(SIMULATOR) && !file.startsWith(SIMULATOR)) {
      found.push(
        `${file} imports ${target}: the simulator is a program of its own, start it as one`,
      );
    } else if (
      target.startsWith(ADAPTERS) && !file.startsWith(ADAPTERS) && file !== "core/platform.ts"
    ) {
      found.push(`${file} imports ${target}: only core/platform.ts chooses an implementation`);
    } else if (
      rule && !target.startsWith(rule.from) &&
      !rule.may.some((prefix) => target === prefix || target.startsWith(prefix))
    ) {
      found.push(`${file} imports ${target}: ${rule.why}`);
    }
  }
  return found;
}

/** The domain of core a file belongs to; shared parts and single files are none. */
function domainOf(file: string): string | undefined {
  const domain = /^core\/([^/]+)\//.exec(file)?.[1];
  return domain && !["ports", "adapters", "contract", "wire"].includes(domain) ? domain : undefined;
}

/** Domains of core that import each other in a circle, each circle once: `a → b → a`. */
export function cycles(files: ReadonlyMap<string, string>): string[] {
  const arrows = new Map<string, Set<string>>();
  for (const [file, source] of files) {
    const from = domainOf(file);
    if (!from || isTest(file)) continue;
    for (const target of importsOf(file, source)) {
      const to = domainOf(target);
      if (!to || to === from) continue;
      if (!arrows.has(from)) arrows.set(from, new Set());
      arrows.get(from)!.add(to);
    }
  }
  const found = new Set<string>();
  const visit = (path: readonly string[]) => {
    for (const next of arrows.get(path.at(-1)!) ?? []) {
      const start = path.indexOf(next);
      if (start < 0) visit([...path, next]);
      else {
        const circle = path.slice(start);
        const first = circle.indexOf(circle.toSorted()[0]!);
        const turned = [...circle.slice(first), ...circle.slice(0, first)];
        found.add([...turned, turned[0]].join(" → "));
      }
    }
  };
  for (const domain of arrows.keys()) visit([domain]);
  return [...found].map((circle) =>
    `core domains import each other, ${circle}: one of them must not know the other`
  );
}

async function* sources(directory: string): AsyncIterable<string> {
  for (const entry of await readdir(directory || ".", { withFileTypes: true })) {
    const path = directory + entry.name;
    if (entry.isDirectory()) {
      if (!/^(node_modules|dist|gen|\..*)$/.test(entry.name)) yield* sources(`${path}/`);
    } else if (/\.tsx?$/.test(path)) yield path;
  }
}

if (import.meta.main) {
  const files = new Map<string, string>();
  for await (const file of sources("")) files.set(file, await readFile(file, "utf8"));
  const found = [
    ...Array.from(files, ([file, source]) => violations(file, source)).flat(),
    ...cycles(files),
  ];
  for (const line of found) console.error(line);
  if (found.length === 0) console.log(`${files.size} files, no import out of place`);
  Deno.exit(found.length === 0 ? 0 : 1);
}
