import ChangeSetView from "@/islands/editor/ChangeSetView.tsx";
import { page } from "@/web/define.ts";
import { data } from "../api_data.ts";
import { define } from "../define.ts";
import { may } from "../permit.ts";

export const handler = define.handlers({
  async GET({ params, state: { api, me } }) {
    const initial = await data(api["change-sets"][":id"].$get({ param: { id: params["id"]! } }));
    return page({
      initial,
      mayWrite: may(me, "configs:write"),
      mayPush: may(me, "configs:push"),
      mayApprove: may(me, "configs:approve"),
    });
  },
});

export const title = ({ initial }: { initial: { name: string } }) => initial.name;

export default define.page<typeof handler>(({ data }) => <ChangeSetView {...data} />);
