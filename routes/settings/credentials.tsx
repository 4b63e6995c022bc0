import { PageHeader } from "@/components/PageHeader.tsx";
import CredentialProfiles from "@/islands/settings/CredentialProfiles.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api["credential-profiles"].$get());
    return page({
      initial: items,
      mayWrite: may(me, "credentials:write"),
      renderedAt: Date.now(),
    });
  },
});

export const title = "Router logins";

export default define.page<typeof handler>(({ data }) => (
  <>
    <PageHeader title="Router logins">
      A login that many routers share: another password is set here once, and the pollers use it
      within a second.
    </PageHeader>
    <CredentialProfiles {...data} />
  </>
));
