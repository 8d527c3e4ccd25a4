import type { driveEn } from './drive_en.ts';

/** The same in Korean. */
export const driveKo: Record<keyof typeof driveEn, string> = {};
