import { HttpError } from "@/web/define.ts";
import { define } from "./define.ts";

export const title = "Error";

export default define.page(({ error, hono, url, state }) => {
  const status = error instanceof HttpError ? error.status : 500;
  const isMissing = status === 404;
  const id = String(hono.get("requestId" as never) ?? "");
  // Within the frame it is part of the frame's main; before anybody is signed in there is no frame.
  const Main = state.me ? "div" : "main";
  return (
    <Main class="mx-auto max-w-xl px-4 py-16">
      <p class="text-text-3">{status}</p>
      <h1 class="mt-1 text-2xl">
        {isMissing ? "There is nothing here" : "This page cannot be shown now"}
      </h1>
      <p class="mt-3 text-text-2">
        {error instanceof HttpError && error.message
          ? error.message
          : isMissing
          ? `Nothing lives at ${url.pathname}.`
          : "The server failed while making it. The log has the reason under this request id."}
      </p>
      {status >= 500 && (
        <p class="mt-2 text-sm text-text-3">
          Request <code>{id}</code>
        </p>
      )}
      <p class="mt-6 flex gap-2">
        <a class="btn btn-primary" href="/">Overview</a>
        <a class="btn" href={url.pathname + url.search}>Try again</a>
      </p>
    </Main>
  );
});
