import Enrol from "@/islands/auth/Enrol.tsx";
import { define } from "./define.ts";

export const title = "Set up your account";

export default define.page(() => <Enrol />);
