/** Unseen: password managers keep a password under the address that stands beside it. */
export function UsernameForManagers({ email }: { email: string }) {
  return (
    <input
      type="text"
      name="username"
      class="sr-only"
      tabIndex={-1}
      aria-hidden="true"
      readOnly
      autocomplete="username"
      value={email}
    />
  );
}
