const PATHS = {
  overview: "M3 3h6v7H3zM11 3h6v4h-6zM11 9h6v8h-6zM3 12h6v5H3z",
  clients: "M3 4h9v7H3zM1.5 13.5h9M14 7h4v9h-4zM16 13.8h.01",
  devices: "M3 4h14v5H3zM3 11h14v5H3zM6 6.5h.01M6 13.5h.01",
  sites:
    "M10 17s5-5 5-9a5 5 0 0 0-10 0c0 4 5 9 5 9zM10 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6z",
  tags: "M3 3h7l7 7-7 7-7-7zM6.5 6.5h.01",
  discovery: "M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM13 13l4 4M9 6.5v5M6.5 9h5",
  topology: "M8 2.5h4v4H8zM2.5 13.5h4v4h-4zM13.5 13.5h4v4h-4zM10 6.5v3.5M4.5 13.5V10h11v3.5",
  map: "M2.5 5l5-2 5 2 5-2v12l-5 2-5-2-5 2zM7.5 3v12M12.5 5v12",
  configs: "M4 2.5h8l4 4v11H4zM12 2.5v4h4M7 10h6M7 13h6",
  changes: "M3 7h11M11 4l3 3-3 3M17 13H6M9 10l-3 3 3 3",
  drafts: "M3 5h9M3 10h5M3 15h5M13 9v8M9 13h8",
  compliance: "M5 3h10v14H5zM8 3V1.8h4V3M7.5 10.5l2 2 3.5-4",
  templates: "M3 3h14v4H3zM3 9.5h6v7.5H3zM11.5 9.5H17M11.5 13H17M11.5 16.5H17",
  jobs: "M3 5h3v3H3zM3 12h3v3H3zM9 6.5h8M9 13.5h8",
  events: "M10 4v6l4 2M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15z",
  logs: "M3 4h14v12H3zM6 8l2 2-2 2M10 12h4",
  api: "M7 6l-4 4 4 4M13 6l4 4-4 4",
  audit: "M5 2.5h10v15H5zM8 7h4M8 10h4M8 13h2",
  transparency:
    "M2 10c2-3.5 5-5 8-5s6 1.5 8 5c-2 3.5-5 5-8 5s-6-1.5-8-5zM10 7.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4z",
  search: "M9 3a6 6 0 1 1 0 12A6 6 0 0 1 9 3zM13.5 13.5L17 17",
  menu: "M3 5h14M3 10h14M3 15h14",
  account:
    "M10 3a3.2 3.2 0 1 1 0 6.4A3.2 3.2 0 0 1 10 3zM3.5 17c.6-3.6 3.1-5.2 6.5-5.2s5.9 1.6 6.5 5.2",
  users:
    "M7.5 3.5a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM2 16.5c.5-3.2 2.6-4.6 5.5-4.6s5 1.4 5.5 4.6M13 3.9a2.7 2.7 0 0 1 0 5M15 12.2c1.7.6 2.7 2 3 4.3",
  roles: "M10 2.5l6 2.2v4.6c0 4-2.6 6.6-6 8.2-3.4-1.6-6-4.2-6-8.2V4.7zM7.5 9.8l1.8 1.8 3.4-3.6",
  key: "M12.8 3a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM9.7 10.3L3 17M5 15l2 2M7 13l2 2",
  login: "M3 9h14v8H3zM6 9V6.5a4 4 0 0 1 8 0V9M10 12v2",
  tenants:
    "M3 17V5l6-2v14M9 17V7l8 2v8M2 17h16M5.5 7h.01M5.5 10h.01M5.5 13h.01M12.5 11h.01M12.5 14h.01",
  organisation: "M3 6h8M15 6h2M3 14h2M9 14h8M13 4v4M7 12v4",
  plus: "M10 4v12M4 10h12",
} as const;

/** A line icon; always beside a word or with a label on its button. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
