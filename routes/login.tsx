import { AuthCard } from "@/components/AuthCard.tsx";
import ResumeSession from "@/islands/ResumeSession.tsx";
import { ownPath } from "@/islands/auth/sign_in_link.ts";
import SignIn from "@/islands/auth/SignIn.tsx";
import { page } from "@/web/define.ts";
import { define } from "./define.ts";

export const handler = define.handlers({
  GET: ({ url }) => page({ next: ownPath(url.searchParams.get("next") ?? undefined) }),
});

export const title = "Sign in";

export default define.page<typeof handler>(({ data: { next } }) => (
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
    <SignIn next={next} />
  </AuthCard>
));
