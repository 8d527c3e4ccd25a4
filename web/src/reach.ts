const kWithinMs = 5000;

/**
 * Whether the server can be reached now. Asked before a WebSocket is tried again: after fifteen that
 * failed Chromium holds back a page's next ones by 1 to 5 s each. It doesn't count requests.
 */
export async function serverAnswers(): Promise<boolean> {
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), kWithinMs);
  try {
    const response = await fetch('/healthz', { cache: 'no-store', signal: abort.signal });
    // A proxy answers for a server that isn't there. A late server is there, and says 503 itself.
    return response.status !== 502 && response.status !== 504;
  } catch {
    return false;
  } finally {
    window.clearTimeout(timer);
  }
}
