import { shownZone, showTimesIn } from "@/core/contract/zone_time.ts";
import { define } from "./define.ts";

export default define.layout(({ Component, title, state }) => {
  // First of all that is rendered: what is below it shows times.
  showTimesIn(state.timeZone);
  return (
    <html
      lang="en"
      data-theme={state.theme}
      data-density={state.density}
      data-sidebar={state.sidebar}
      data-zone={shownZone()}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <title>{title ? `${title} · TOD` : "TOD"}</title>
      </head>
      <body>
        <Component />
      </body>
    </html>
  );
});
