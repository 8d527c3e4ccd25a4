/** What the server takes as a channel's name (docs/protocol.md). */
export function isChannelId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}
