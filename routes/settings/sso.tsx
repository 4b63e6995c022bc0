import { PageHeader } from "@/components/PageHeader.tsx";
import SsoProviders from "@/islands/settings/SsoProviders.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items, redirectUri, tenantSlug } = await data(api["sso-providers"].$get());
    return page({
      initial: items,
      redirectUri,
      signInUrl: `${new URL(redirectUri).origin}/login?tenant=${tenantSlug}`,
      mayWrite: me!.permissions.includes("settings:write"),
    });
  },
});

export const title = "Single sign-on";

export default define.page<typeof handler>(({ data }) => (
  <div class="max-w-3xl">
    <PageHeader title="Single sign-on">
      Your people sign in where they always do, by OpenID Connect. Passwords of TOD go on to work.
    </PageHeader>
    <SsoProviders {...data} />
  </div>
));
