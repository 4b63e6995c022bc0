/** A chunk of its own, large enough to stay one. */
export const arrived = "arrived late";
