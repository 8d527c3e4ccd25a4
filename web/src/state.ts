import type { Phase } from './connection.ts';

/** What a channel's page says of its state: the connection's, or that its picture stands still. */
export type State = Phase | 'frozen';

/** `old`: no frame has followed the one on the screen for too long. */
export function stateOf(phase: Phase, old: boolean): State {
  const live = phase === 'connected' || phase === 'rejoining';
  return old && live ? 'frozen' : phase;
}

/**
 * Whether a command may be sent: only to a robot that is there, and whose picture or messages say
 * that it lives. `silent`: the picture is old, and nothing else comes from the robot.
 */
export function maySendTo(state: State, silent: boolean): boolean {
  if (state === 'frozen') return !silent;
  return state === 'connected' || state === 'rejoining';
}
