/** Lets everybody else of this process have a turn: for work that goes through many rows. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
