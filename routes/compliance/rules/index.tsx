import { ComplianceTabs } from "@/components/compliance/ComplianceTabs.tsx";
import { SeverityWord } from "@/components/compliance/SeverityWord.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { ScrollArea } from "@/components/ScrollArea.tsx";
import { count } from "@/core/contract/format.ts";
import { page } from "@/web/define.ts";
import { data } from "../../api_data.ts";
import { define } from "../../define.ts";
import { may } from "../../permit.ts";

export const handler = define.handlers({
  async GET({ state: { api, me } }) {
    const { items } = await data(api.compliance.rules.$get());
    return page({ rules: items, mayWrite: may(me, "compliance:write") });
  },
});

export const title = "Compliance rules";

export default define.page<typeof handler>(({ data: { rules, mayWrite } }) => (
  <>
    <PageHeader
      title="Rules"
      actions={mayWrite && <a class="btn btn-primary" href="/compliance/rules/new">Add rule</a>}
    >
      What can be asked of a configuration. A rule is asked of the routers of the policies that have
      it.
    </PageHeader>
    <ComplianceTabs at="Rules" />
    {rules.length === 0
      ? (
        <p class="panel p-6 text-center text-text-2">
          No rule yet: the starter library comes within a minute after the first start.
        </p>
      )
      : (
        <ScrollArea label="Rules">
          <table class="table" data-testid="rules">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">Severity</th>
                <th scope="col" class="num">Fails</th>
                <th scope="col" class="num">Passes</th>
                <th scope="col" class="num hidden md:table-cell">Unknown</th>
                <th scope="col" class="num hidden md:table-cell">Exceptions</th>
                <th scope="col" class="num hidden md:table-cell">Not applicable</th>
              </tr>
            </thead>
            <tbody>
              {rules.map(({ id, title, severity, counts, policies, libraryKey, isEdited }) => (
                <tr key={id}>
                  <th scope="row" class="whitespace-normal!">
                    <a class="break font-medium hover:underline" href={`/compliance/rules/${id}`}>
                      <bdi>{title}</bdi>
                    </a>
                    <div class="text-xs font-normal text-text-3">
                      {[
                        libraryKey === null ? "your own" : isEdited ? "edited" : "",
                        policies === 0 ? "in no policy: it is not asked" : "",
                      ].filter(Boolean).join(" · ")}
                    </div>
                  </th>
                  <td>
                    <SeverityWord severity={severity} />
                  </td>
                  <td class={`num ${counts.fail > 0 ? "text-bad" : ""}`}>{count(counts.fail)}</td>
                  <td class="num">{count(counts.pass)}</td>
                  <td class="num hidden md:table-cell">{count(counts.unknown)}</td>
                  <td class="num hidden md:table-cell">{count(counts.exception)}</td>
                  <td class="num hidden md:table-cell">{count(counts.not_applicable)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
  </>
));
