/** What each purpose that the product has means, in words. */
export const PURPOSES: Record<string, string> = {
  poll: "Logging in to a router to poll it",
  probe: "Trying a credential profile on an address",
  command: "Carrying out a command on a router",
  "session.sign": "Signing and checking sessions",
  "login.decoy": "Answering sign-ins of unknown people",
  "audit.view": "Showing details of an audit entry",
  "audit.export": "Exporting the audit log",
};
