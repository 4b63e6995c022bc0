/** As they were measured. */
export const RAW_TABLES = [
  ...["health_samples", "interface_samples", "radio_samples", "sensor_samples"],
] as const;
export const FIVE_MINUTE_TABLES = ["health_5m", "interface_5m", "radio_5m", "sensor_5m"] as const;
export const HOUR_TABLES = ["health_1h", "interface_1h", "radio_1h", "sensor_1h"] as const;

/** Every table of samples. */
export const METRIC_TABLES = [...RAW_TABLES, ...FIVE_MINUTE_TABLES, ...HOUR_TABLES];

/** Where no foreign key leads to devices: who removes a device, or a tenant, deletes here too. */
export const TABLES_WITHOUT_KEY = [...METRIC_TABLES, "device_logs"] as const;
