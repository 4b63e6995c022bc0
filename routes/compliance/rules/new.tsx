import { ComplianceTabs } from "@/components/compliance/ComplianceTabs.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import RuleEditor from "@/islands/compliance/RuleEditor.tsx";
import { page } from "@/web/define.ts";
import { define } from "../../define.ts";
import { demandOf } from "../../permit.ts";

export const handler = define.handlers({
  GET({ state: { me } }) {
    demandOf(me, "compliance:write");
    return page({});
  },
});

export const title = "Add a rule";

export default define.page<typeof handler>(() => (
  <>
    <PageHeader title="Add a rule">
      It is asked of no router until a policy has it: try it on one first.
    </PageHeader>
    <ComplianceTabs at="Rules" />
    <RuleEditor />
  </>
));
