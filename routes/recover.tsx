import { AuthCard } from "@/components/AuthCard.tsx";
import Recover from "@/islands/auth/Recover.tsx";
import { define } from "./define.ts";

export const title = "Recover your account";

export default define.page(() => (
  <AuthCard
    title="Recover your account"
    footer={<a class="text-accent hover:underline" href="/login">Back to signing in</a>}
  >
    <Recover />
  </AuthCard>
));
