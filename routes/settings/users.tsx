import { PageHeader } from "@/components/PageHeader.tsx";
import Users from "@/islands/settings/Users.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";

const PAGE_SIZE = 200;

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const q = url.searchParams.get("q")?.trim() ?? "";
    const cursor = url.searchParams.get("cursor") ?? undefined;
    const query = { limit: String(PAGE_SIZE), ...(q && { q }), ...(cursor && { cursor }) };
    const [{ items, nextCursor }, roles] = await Promise.all([
      data(api.users.$get({ query })),
      data(api.roles.$get()),
    ]);
    const held = new Set(me!.permissions);
    const mayGive = (permissions: readonly string[]) =>
      permissions.every((permission) => permission === "account:self" || held.has(permission));
    return page({
      ...{ q, nextCursor, users: items, userId: me!.userId, renderedAt: Date.now() },
      mayWrite: held.has("users:write"),
      roles: roles.items.filter(({ permissions }) => mayGive(permissions)),
      givable: Object.keys(roles.builtIn).filter((name) => mayGive(roles.builtIn[name]!)),
    });
  },
});

export const title = "Users";

export default define.page<typeof handler>(({ data }) => {
  const { q, nextCursor, users, ...rest } = data;
  return (
    <>
      <PageHeader title="Users">
        Who can sign in to this organisation, and what they may. Another role ends their sessions at
        once.
      </PageHeader>
      <form class="mb-4 flex max-w-md gap-2" role="search">
        <input
          class="field"
          type="search"
          name="q"
          value={q}
          placeholder="Name or e-mail"
          aria-label="Find a user"
        />
        <button type="submit" class="btn">Find</button>
      </form>
      <Users key={q} initial={users} {...rest} />
      {nextCursor && (
        <p class="mt-4">
          <a
            class="btn"
            href={`/settings/users?${new URLSearchParams({ ...(q && { q }), cursor: nextCursor })}`}
          >
            Next page
          </a>
        </p>
      )}
    </>
  );
});
