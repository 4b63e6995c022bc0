import { AuthCard } from "@/components/AuthCard.tsx";
import DemoSignIn from "@/islands/DemoSignIn.tsx";
import { define } from "./define.ts";

export const title = "Demo";

export default define.page(() => (
  <AuthCard title="Demo">
    <DemoSignIn />
  </AuthCard>
));
