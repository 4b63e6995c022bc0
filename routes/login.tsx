import { AuthCard } from "@/components/AuthCard.tsx";
import { Problem } from "@/components/Problem.tsx";
import { Slug } from "@/core/contract/tenants.ts";
import ResumeSession from "@/islands/ResumeSession.tsx";
import { ownPath } from "@/islands/auth/sign_in_link.ts";
import SignIn from "@/islands/auth/SignIn.tsx";
import SsoSignIn from "@/islands/auth/SsoSignIn.tsx";
import { page } from "@/web/define.ts";
import { define } from "./define.ts";
import { ssoProblemOf } from "./sso_problem.ts";

export const handler = define.handlers({
  GET: ({ url: { searchParams } }) => {
    const tenant = Slug.safeParse(searchParams.get("tenant")).data;
    const problem = ssoProblemOf(searchParams);
    return page({
      next: ownPath(searchParams.get("next") ?? undefined),
      problem,
      sso: { ...(tenant && { tenant }), isOpen: tenant !== undefined || problem !== undefined },
    });
  },
});

export const title = "Sign in";

export default define.page<typeof handler>(({ data: { next, problem, sso } }) => (
  <AuthCard
    title="Sign in"
    footer={
      <>
        Lost your password or Secret Key? Use a{" "}
        <a class="text-accent underline" href="/recover">recovery code</a>, or ask your
        administrator for a recovery link.
      </>
    }
  >
    <ResumeSession next={next} />
    {problem && <Problem title="Nobody was signed in">{problem}</Problem>}
    <SignIn next={next} />
    <SsoSignIn next={next} {...sso} />
  </AuthCard>
));
