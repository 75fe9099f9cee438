/** Bottleneck without its Redis client, as Octokit’s plugins import it; it ships no types of its own. */
declare module 'bottleneck/light.js' {
  export { default } from 'bottleneck';
}
