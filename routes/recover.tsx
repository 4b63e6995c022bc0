import Recover from "@/islands/auth/Recover.tsx";
import { define } from "./define.ts";

export const title = "Recover your account";

export default define.page(() => (
  <>
    <h1 class="mb-4 text-xl">Recover your account</h1>
    <Recover />
    <p class="mt-4 text-sm">
      <a class="text-accent hover:underline" href="/login">Back to signing in</a>
    </p>
  </>
));
