import { PageHeader } from "@/components/PageHeader.tsx";
import Roles from "@/islands/settings/Roles.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items, builtIn, grantable } = await data(api.roles.$get());
    const mayWrite = me!.permissions.includes("roles:write");
    return page({ initial: items, builtIn, grantable, mayWrite });
  },
});

export const title = "Roles";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Roles">
      What each role may. Nobody gives a permission that they do not hold themselves.
    </PageHeader>
    <Roles {...data} />
  </>
));
