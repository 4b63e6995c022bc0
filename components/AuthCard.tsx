import type { ComponentChildren } from "preact";

/** A page for who is not signed in yet: the mark, one card in the middle, and what may help below. */
export function AuthCard({ title, children, footer }: {
  title: string;
  children: ComponentChildren;
  footer?: ComponentChildren;
}) {
  return (
    <main class="grid min-h-dvh content-start justify-items-center px-4 py-8 md:content-center">
      <div class="w-full max-w-md">
        <div class="mb-6 flex items-center gap-2.5 print:hidden">
          <img src="/favicon.svg" alt="" width="24" height="24" />
          <span class="text-lg font-semibold">TOD</span>
        </div>
        <section class="panel p-5 md:p-6">
          <h1 class="mb-4 text-xl print:hidden">{title}</h1>
          {children}
          <noscript>
            <p class="mt-4 text-bad">
              Password and key are worked on in your browser: allow scripts for this site, then
              reload.
            </p>
          </noscript>
        </section>
        {footer && <div class="mt-4 text-sm text-text-3 print:hidden">{footer}</div>}
      </div>
    </main>
  );
}
