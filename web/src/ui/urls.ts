/** Where a channel's page is. */
export function channelUrl(id: string): string {
  return `/?channel=${encodeURIComponent(id)}`;
}
