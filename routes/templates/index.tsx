import { PageHeader } from "@/components/PageHeader.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { ago, utc } from "@/core/contract/format.ts";
import type { TemplateSummary } from "@/core/contract/templates.ts";
import TemplateLibrary from "@/islands/templates/TemplateLibrary.tsx";
import { page } from "@/web/define.ts";
import { linkTo } from "../(_components)/link_to.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const param = (name: string) => url.searchParams.get(name)?.trim() ?? "";
    const [q, tag] = [param("q").slice(0, 200), param("tag").slice(0, 40)];
    const [{ items: all }, { items: library }] = await Promise.all([
      data(api.templates.$get({ query: { ...(q && { q }) } })),
      data(api.templates.library.$get()),
    ]);
    const items = all.filter((one) => tag === "" || one.tags.includes(tag));
    const tags = [...new Set(all.flatMap((one) => one.tags))].sort();
    const mayWrite = may(me, "templates:write");
    return page({ items, library, q, tag, tags, mayWrite, renderedAt: Date.now() });
  },
});

export const title = "Templates";

export default define.page<typeof handler>(({ data }) => {
  const { items, library, q, tag, tags, mayWrite, renderedAt } = data;
  const isFiltered = q !== "" || tag !== "";
  return (
    <>
      <PageHeader
        title="Templates"
        actions={mayWrite && <a class="btn btn-primary" href="/templates/new">New template</a>}
      >
        RouterOS configuration with values that differ from router to router.
      </PageHeader>
      {(items.length > 0 || isFiltered) && (
        <form class="mb-3 flex flex-wrap items-center gap-2" role="search">
          <input
            type="search"
            class="field max-w-sm flex-1"
            name="q"
            value={q}
            maxlength={200}
            placeholder="Name or text"
            aria-label="Find a template"
          />
          {tag && <input type="hidden" name="tag" value={tag} />}
          <button type="submit" class="btn">Search</button>
          {tags.map((one) => (
            <a
              key={one}
              class="chip"
              href={linkTo("/templates", { q, tag: one === tag ? "" : one })}
              aria-current={one === tag ? "true" : undefined}
            >
              <bdi>{one}</bdi>
            </a>
          ))}
        </form>
      )}
      {items.length > 0
        ? <Templates {...{ items, renderedAt }} />
        : (
          <p class="panel mb-6 p-6 text-center text-text-2">
            {isFiltered
              ? "No template fits."
              : mayWrite
              ? "No template yet. Take one of the library below, or write your own."
              : "No template yet. Operators and administrators add them."}
          </p>
        )}
      <TemplateLibrary {...{ library, mayWrite }} />
    </>
  );
});

function Templates({ items, renderedAt }: { items: TemplateSummary[]; renderedAt: number }) {
  return (
    <ScrollArea label="Templates" class="mb-8">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Template</th>
            <th scope="col" class="num hidden sm:table-cell">Variables</th>
            <th scope="col" class="num hidden sm:table-cell">Version</th>
            <th scope="col" class="hidden md:table-cell">Changed</th>
            <th scope="col">Used</th>
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <th scope="row" class="max-w-xl whitespace-normal!">
                <a class="font-medium hover:underline" href={`/templates/${one.id}`}>
                  <bdi>{one.name}</bdi>
                </a>
                {one.description && (
                  <div class="break line-clamp-2 font-normal">
                    <bdi>{one.description}</bdi>
                  </div>
                )}
                {one.tags.length > 0 && (
                  <div class="text-sm font-normal text-text-3">
                    <bdi>{one.tags.join(", ")}</bdi>
                  </div>
                )}
              </th>
              <td class="num hidden sm:table-cell">{one.variables}</td>
              <td class="num hidden sm:table-cell">{one.version}</td>
              <td class="hidden md:table-cell">
                <time dateTime={one.updatedAt} title={utc(one.updatedAt)}>
                  {ago(one.updatedAt, renderedAt)}
                </time>
                {one.updatedByName && (
                  <>
                    {" by "}
                    <bdi>{one.updatedByName}</bdi>
                  </>
                )}
              </td>
              <td>
                {one.usedAt === null
                  ? <span class="text-text-3">never</span>
                  : (
                    <time dateTime={one.usedAt} title={utc(one.usedAt)}>
                      {one.uses === 1 ? "once" : `${one.uses} times`}, {ago(one.usedAt, renderedAt)}
                    </time>
                  )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
