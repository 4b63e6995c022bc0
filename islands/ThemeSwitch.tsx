import { useSignal } from "@preact/signals";

type Theme = "system" | "light" | "dark";
const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const WORDS: Record<Theme, string> = { system: "System theme", light: "Light", dark: "Dark" };

/** Light, dark, or as the system says; kept in a cookie so that the server renders it right. */
export default function ThemeSwitch({ initial }: { initial: "light" | "dark" | undefined }) {
  const theme = useSignal<Theme>(initial ?? "system");
  const change = () => {
    theme.value = NEXT[theme.value];
    const chosen = theme.value === "system" ? "" : theme.value;
    if (chosen) document.documentElement.dataset["theme"] = chosen;
    else delete document.documentElement.dataset["theme"];
    const age = chosen ? 31_536_000 : 0;
    document.cookie = `tod_theme=${chosen}; path=/; max-age=${age}; samesite=lax`;
    // Charts take their colours from the tokens: they draw again.
    dispatchEvent(new Event("themechange"));
  };
  return (
    <button type="button" class="nav-link w-full" onClick={change} data-testid="theme">
      {WORDS[theme.value]}
    </button>
  );
}
