import type { ComponentChildren } from "preact";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Problem } from "@/components/Problem.tsx";
import ChangePassword from "@/islands/auth/ChangePassword.tsx";
import KitAgain from "@/islands/auth/KitAgain.tsx";
import NewRecoveryCodes from "@/islands/auth/NewRecoveryCodes.tsx";
import Sessions from "@/islands/Sessions.tsx";
import SignOut from "@/islands/SignOut.tsx";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api.auth.sessions.$get());
    return page({ me: me!, sessions: items, renderedAt: Date.now() });
  },
});

export const title = "Account";

const ROLES = {
  super_admin: "Administrator of the installation",
  admin: "Administrator",
  operator: "Operator",
  viewer: "Viewer",
  custom: "Custom role",
} as const;

function Section({ id, title, children }: {
  id: string;
  title: string;
  children: ComponentChildren;
}) {
  return (
    <section class="panel mb-4 p-5" aria-labelledby={id}>
      <h2 id={id} class="mb-3 font-semibold">{title}</h2>
      {children}
    </section>
  );
}

export default define.page<typeof handler>(({ data: { me, sessions, renderedAt } }) => (
  <div class="max-w-3xl">
    <PageHeader title="Account" actions={<SignOut />}>
      <bdi>{me.name}</bdi>, <bdi>{me.email}</bdi> · {ROLES[me.role]} · <bdi>{me.tenantName}</bdi>
    </PageHeader>
    {me.needsSecondFactor && (
      <Problem title="This organisation asks for a second factor">
        Nothing else is open to you until this account has one.
      </Problem>
    )}
    <Section id="sessions" title="Where you are signed in">
      <Sessions initial={sessions} renderedAt={renderedAt} />
    </Section>
    <Section id="password" title="Password">
      <ChangePassword accountId={me.userId} email={me.email} />
    </Section>
    <Section id="kit" title="Emergency Kit">
      <KitAgain accountId={me.userId} email={me.email} />
    </Section>
    <Section id="recovery" title="Recovery codes">
      <NewRecoveryCodes accountId={me.userId} email={me.email} />
    </Section>
  </div>
));
