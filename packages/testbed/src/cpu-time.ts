/** How long this process computed while `work` ran, in ms: the same on a busy machine, unlike time on the clock. */
export async function cpuTimeOf(work: () => Promise<unknown> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
