import type { ComponentChildren } from "preact";
import { PageHeader } from "@/components/PageHeader.tsx";
import { Problem } from "@/components/Problem.tsx";
import ChangePassword from "@/islands/auth/ChangePassword.tsx";
import KitAgain from "@/islands/auth/KitAgain.tsx";
import NewRecoveryCodes from "@/islands/auth/NewRecoveryCodes.tsx";
import EraseAccount from "@/islands/auth/EraseAccount.tsx";
import Factors from "@/islands/auth/Factors.tsx";
import Identities from "@/islands/auth/Identities.tsx";
import Sessions from "@/islands/Sessions.tsx";
import SignOut from "@/islands/SignOut.tsx";
import { roleWords } from "@/core/contract/users.ts";
import { page } from "@/web/define.ts";
import { data } from "./api_data.ts";
import { define } from "./define.ts";
import { ssoProblemOf } from "./sso_problem.ts";

export const handler = define.handlers({
  async GET({ url, state: { api, me } }) {
    const [{ items }, factors, sso] = await Promise.all([
      data(api.auth.sessions.$get()),
      data(api.auth.factors.$get()),
      data(api.auth.identities.$get()),
    ]);
    return page({
      ...{ me: me!, sessions: items, factors: factors.items, sso, renderedAt: Date.now() },
      ssoProblem: ssoProblemOf(url.searchParams),
    });
  },
});

export const title = "Account";

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

export default define.page<typeof handler>((
  { data: { me, sessions, factors, sso, ssoProblem, renderedAt } },
) => (
  <div class="max-w-3xl">
    <PageHeader title="Account" actions={<SignOut />}>
      <bdi>{me.name}</bdi>, <bdi>{me.email}</bdi> · {roleWords(me.role)} ·{" "}
      <bdi>{me.tenantName}</bdi>
    </PageHeader>
    {ssoProblem && <Problem title="Nothing was linked">{ssoProblem}</Problem>}
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
    <Section id="factors" title="Second factors">
      <Factors initial={factors} accountId={me.userId} renderedAt={renderedAt} />
    </Section>
    <Section id="identities" title="Sign-in by your organisation">
      <Identities initial={sso} accountId={me.userId} renderedAt={renderedAt} />
    </Section>
    <Section id="recovery" title="Recovery codes">
      <NewRecoveryCodes accountId={me.userId} email={me.email} />
    </Section>
    <Section id="data" title="Your data">
      <p class="text-text-2">
        Everything kept about you: account, sessions, factors, API keys and what you did.
      </p>
      <a class="btn mt-3" href="/api/auth/export" download>Download as JSON</a>
    </Section>
    <Section id="erase" title="Delete this account">
      <EraseAccount accountId={me.userId} email={me.email} />
    </Section>
  </div>
));
