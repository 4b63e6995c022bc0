import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { ComponentChildren } from "preact";
import { Signal, signal } from "@preact/signals";
import { parse } from "devalue";
import { page } from "./define.ts";
import { define, serveRoutes } from "./testing/serve_routes.tsx";

function Label({ text, count }: { text?: string; count?: unknown }) {
  return <b>{text ?? String(count)}</b>;
}
function Fold({ open, title, children }: {
  open: boolean;
  title: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <section>
      <h2>{title}</h2>
      {open && children}
    </section>
  );
}
/** An island that uses another island itself. */
function Outer() {
  return (
    <i>
      <Label text="within" />
    </i>
  );
}
const islands = {
  "/islands/Label.tsx": { default: Label, helper: () => null, COLOURS: {} },
  "/islands/Fold.tsx": { Fold },
  "/islands/Outer.tsx": { default: Outer },
};

async function render(Content: () => ComponentChildren): Promise<string> {
  const { html } = serveRoutes(
    { "/routes/index.tsx": { default: define.page(() => <Content />) } },
    { islands },
  );
  return await html("/");
}
const body = (html: string) => /<body>(.*)<\/body>/s.exec(html)![1]!;

/** Props of each island in the HTML, as the browser reads them. */
function propsIn(html: string): Record<string, unknown>[] {
  return [...html.matchAll(/ data-p="([^"]*)"/g)].map(([, attribute]) =>
    parse(unescape(attribute!), { Signal: ([id, value]) => ({ id, value }) })
  );
}
function unescape(attribute: string): string {
  const entities: Record<string, string> = { quot: '"', amp: "&", lt: "<", gt: ">" };
  return attribute.replace(/&(quot|amp|lt|gt);/g, (_, name) => entities[name]!);
}

Deno.test("an island renders inside its element, and the page names its file", async () => {
  const html = await render(() => <Label text="hi" />);
  equal(
    body(html),
    '<fresh-island data-i="/islands/Label.tsx#default" data-p="[{&quot;text&quot;:1},&quot;hi&quot;]">' +
      "<b>hi</b></fresh-island>",
  );
  match(html, /<meta name="islands" content="\/islands\/Label\.tsx">/);
});

Deno.test("a page without islands loads no script of any", async () => {
  match(await render(() => <p>plain</p>), /<meta name="islands" content="">/);
});

Deno.test("props arrive as they were: dates, maps, sets, big integers, what JSON loses", async () => {
  const given = {
    at: new Date("2026-11-23T20:00:00.123Z"),
    map: new Map([["a", 1n]]),
    set: new Set([1, 2]),
    bytes: 18_446_744_073_709_551_615n,
    nothing: null,
    odd: [NaN, -0, Infinity, undefined],
    bare: Object.assign(Object.create(null), { name: "ether1" }),
  };
  const [props] = propsIn(await render(() => <Label count={given} />));
  deepEqual(props, { count: given });
});

Deno.test("one signal on two islands is one signal, its value is not lost", async () => {
  const [shared, other] = [signal({ n: 5 }), signal(0)];
  ok(shared instanceof Signal);
  const html = await render(() => (
    <>
      <Label text="" count={shared} />
      <Label text="" count={other} />
      <Label text="" count={{ deep: [shared] }} />
    </>
  ));
  deepEqual(propsIn(html).map(({ count }) => count), [
    { id: 0, value: { n: 5 } },
    { id: 1, value: 0 },
    { deep: [{ id: 0, value: { n: 5 } }] },
  ]);
});

for (
  const hostile of [
    `"><script>alert(1)</script>`,
    `' onmouseover='alert(1)`,
    "</fresh-island></head><script>",
    "<!--<script>",
    "&quot;&#34;&amp;",
    "$& $1 $` </head>",
    "\u2028\u2029\0\uFEFF\ud800",
    "שלום 🛰️ ‮gpj.exe",
  ]
) {
  Deno.test(`a hostile identity stays text: ${JSON.stringify(hostile)}`, async () => {
    const handler = define.handlers({ GET: () => page(hostile) });
    const { html } = serveRoutes({
      "/routes/index.tsx": {
        handler,
        title: (name: string) => name,
        default: define.page<typeof handler>(({ data }) => (
          <Fold open title={<em>{data}</em>}>
            <Label text={data} />
          </Fold>
        )),
      },
    }, { islands });
    const text = await html("/");
    equal(/<script|<!--/.test(text), false);
    equal(text.match(/<\/head>/g)?.length, 1);
    equal(text.match(/<fresh-island /g)?.length, 2);
    // Attributes hold no quote, and no tag has one we did not write.
    equal(
      / onmouseover='/.test(text.replaceAll(/>[^<]*</g, "><").replaceAll(/"[^"]*"/g, "")),
      false,
    );
    deepEqual(propsIn(text).map(({ text }) => text), [undefined, hostile]);
  });
}

Deno.test("JSX props are slots, sent once; an island in a slot is an island of its own", async () => {
  const html = body(
    await render(() => (
      <Fold open title={<em>Ports</em>}>
        <p>server HTML</p>
        <Label text="inner" />
      </Fold>
    )),
  );
  match(html, /<h2><fresh-slot data-k="title"><em>Ports<\/em><\/fresh-slot><\/h2>/);
  match(html, /<fresh-slot data-k="children"><p>server HTML<\/p><fresh-island [^>]*Label\.tsx/);
  equal(html.match(/server HTML/g)?.length, 1);
  equal(html.includes("<template"), false);
  deepEqual(propsIn(html), [{ open: true }, { text: "inner" }]);
});

Deno.test("a slot that is not shown now waits in a template, its islands too", async () => {
  const html = await render(
    () => (
      <Fold open={false} title="Ports">
        <Label text="inner" />
      </Fold>
    ),
  );
  match(body(html), /<\/section><template data-k="children"><fresh-island [^>]*Label\.tsx/);
  match(html, /content="\/islands\/Fold\.tsx,\/islands\/Label\.tsx"/);
});

Deno.test("an island that an island uses is a plain component: the outer one hydrates it", async () => {
  const html = await render(() => <Outer />);
  equal(
    body(html),
    '<fresh-island data-i="/islands/Outer.tsx#default" data-p="[{}]"><i><b>within</b></i></fresh-island>',
  );
});

for (
  const [what, Content] of [
    ["a function", () => <Label count={() => 1} />],
    ["a symbol", () => <Label count={Symbol("x")} />],
    ["JSX inside a plain object", () => <Label text="" count={{ icon: <b /> }} />],
  ] as const
) {
  Deno.test(`a prop that cannot travel (${what}) fails with the island's name`, async () => {
    const faults: unknown[] = [];
    const { browse } = serveRoutes(
      { "/routes/index.tsx": { default: define.page(() => <Content />) } },
      { islands, onFault: (error) => faults.push(error) },
    );
    equal((await browse("/")).status, 500);
    match(String(faults[0]), /Cannot send props to \/islands\/Label\.tsx#default/);
  });
}
