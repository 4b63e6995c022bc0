import { AuthCard } from "@/components/AuthCard.tsx";
import Enrol from "@/islands/auth/Enrol.tsx";
import { define } from "./define.ts";

export const title = "Set up your account";

export default define.page(() => (
  <AuthCard title="Set up your account">
    <Enrol />
  </AuthCard>
));
