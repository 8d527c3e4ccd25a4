/** The `a=ice-ufrag` of a description, by which one client's transport is known; '' if it has none. */
export function iceUfrag(sdp: string): string {
  return /^a=ice-ufrag:(\S+)\s*$/m.exec(sdp)?.[1] ?? '';
}
