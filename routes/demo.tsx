import DemoSignIn from "@/islands/DemoSignIn.tsx";
import { define } from "./define.ts";

export const title = "Demo";

export default define.page(() => <DemoSignIn />);
