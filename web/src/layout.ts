// Where the parts of a channel's page are.

/**
 * `over`: the picture fills the window, and all else lies over it. `beside`: panels are beside and below
 * it. `below`: all are below it, in one column.
 */
export type Layout = 'over' | 'beside' | 'below';

export interface Room {
  /** Of the window, in CSS px. */
  width: number;
  height: number;
  fullScreen: boolean;
  /** The page stands in another one. */
  embedded: boolean;
}

/** A phone on its side is no higher, with a browser's bars or without. */
const kLow = 500;
/** A column of panels and a picture of some size fit beside each other. */
const kWide = 960;
/** So wide a window is enough when it isn't higher. */
const kWideOnItsSide = 720;

export function layoutOf({ width, height, fullScreen, embedded }: Room): Layout {
  const onItsSide = width > height;
  if (fullScreen || embedded || (onItsSide && height <= kLow)) return 'over';
  return width >= (onItsSide ? kWideOnItsSide : kWide) ? 'beside' : 'below';
}
