import { PageHeader } from "@/components/PageHeader.tsx";
import TemplateEditor from "@/islands/templates/TemplateEditor.tsx";
import { page } from "@/web/define.ts";
import { define } from "../define.ts";
import { demandOf } from "../permit.ts";

export const handler = define.handlers({
  GET({ state: { me } }) {
    demandOf(me, "templates:write");
    return page({});
  },
});

export const title = "New template";

export default define.page<typeof handler>(() => (
  <>
    <PageHeader title="New template" actions={<a class="btn" href="/templates">Templates</a>}>
      Begin with the text; declare what it names below.
    </PageHeader>
    <TemplateEditor template={null} mayWrite />
  </>
));
