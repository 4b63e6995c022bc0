import type { ComponentChildren } from "preact";

/** A part of the overview: what it is about, then what there is to say. */
export function Panel({ id, title, aside, children }: {
  id: string;
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="panel min-w-0 p-4" aria-labelledby={id}>
      <h2 id={id} class="mb-2 flex flex-wrap items-baseline gap-x-3 font-semibold">
        {title}
        {aside && <span class="ml-auto text-sm font-normal text-text-3">{aside}</span>}
      </h2>
      {children}
    </section>
  );
}

/** Names, bars and figures that stand under each other. */
export function BarList({ rows }: {
  rows: { key: string; href: string; name: string; value: string; share: number; tone?: string }[];
}) {
  return (
    <ul class="space-y-1.5">
      {rows.map(({ key, href, name, value, share, tone = "fill-accent" }) => (
        <li key={key}>
          <a
            class="grid grid-cols-[minmax(0,11rem)_minmax(2rem,1fr)_3rem] items-center gap-2 hover:underline"
            href={href}
          >
            <bdi class="truncate" title={name}>{name}</bdi>
            <svg
              viewBox="0 0 100 8"
              class="h-2 w-full"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <rect width="100" height="8" rx="1" class="fill-raised" />
              <rect width={Math.max(1, share * 100)} height="8" rx="1" class={tone} />
            </svg>
            <span class="text-right">{value}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
