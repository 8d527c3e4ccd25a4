/** What driving says, in English. */
export const driveEn = {} as const;
