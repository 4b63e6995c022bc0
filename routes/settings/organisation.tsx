import { PageHeader } from "@/components/PageHeader.tsx";
import Policy from "@/islands/settings/Policy.tsx";
import PushPolicyForm from "@/islands/pushes/PushPolicyForm.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const [initial, pushes] = await Promise.all([
      data(api.settings.$get()),
      may(me, "configs:read") ? data(api.pushes.policy.$get()) : undefined,
    ]);
    const mayWrite = me!.permissions.includes("settings:write");
    return page({ initial, pushes, mayWrite, name: me!.tenantName });
  },
});

export const title = "Organisation";

export default define.page<typeof handler>(({ data: { name, pushes, ...policy } }) => (
  <div class="max-w-3xl">
    <PageHeader title="Organisation">
      <bdi>{name}</bdi>
    </PageHeader>
    <section class="panel p-5" aria-labelledby="security">
      <h2 id="security" class="mb-3 font-semibold">Security</h2>
      <Policy {...policy} />
    </section>
    {pushes && (
      <section class="panel mt-4 p-5" aria-labelledby="pushes">
        <h2 id="pushes" class="mb-3 font-semibold">Changes of routers</h2>
        <PushPolicyForm initial={pushes} mayWrite={policy.mayWrite} />
      </section>
    )}
    <section class="panel mt-4 p-5" aria-labelledby="sso">
      <h2 id="sso" class="mb-3 font-semibold">Single sign-on</h2>
      <p class="mb-3 text-text-2">
        Your people can sign in by the identity provider of your organisation.
      </p>
      <a class="btn" href="/settings/sso">Sign-in providers</a>
    </section>
  </div>
));
