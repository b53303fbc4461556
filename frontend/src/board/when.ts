// Times as far as they were said: "2016", "2016-06", "2016-06-03", "2016-06-03T10:22". Each may mean any moment of a span.
// Clock times have no zone here: 10:22 stays 10:22 on every machine, so they are counted as if they were UTC.

export interface Span {
  // milliseconds; `to` is the first moment that no longer belongs to it
  from: number;
  to: number;
  // whether it says the minute
  exact: boolean;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const SAID = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d))?)?)?/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function span(said: string): Span | null {
  const parts = SAID.exec(said);
  if (!parts) return null;
  const [year, month, day, hour, minute] = parts.slice(1).map((part) => (part ? Number(part) : null));
  if (year == null) return null;
  if (month == null) return { from: Date.UTC(year), to: Date.UTC(year + 1), exact: false };
  if (day == null) return { from: Date.UTC(year, month - 1), to: Date.UTC(year, month), exact: false };
  const start = Date.UTC(year, month - 1, day);
  if (hour == null || minute == null) return { from: start, to: start + DAY, exact: false };
  const at = start + hour * HOUR + minute * MINUTE;
  return { from: at, to: at + MINUTE, exact: true };
}

export function overlaps(one: Span, other: { from: number; to: number }): boolean {
  return one.from < other.to && other.from < one.to;
}

// "2016-06-03" as "3 Jun 2016", "2016-06" as "Jun 2016", with the time where it is said.
export function words(said: string): string {
  const parts = SAID.exec(said);
  if (!parts) return said;
  const [, year, month, day, hour, minute] = parts;
  const days = [day ? String(Number(day)) : "", month ? MONTHS[Number(month) - 1] : "", year].filter(Boolean).join(" ");
  return hour ? `${days}, ${hour}:${minute}` : days;
}

export function dayWords(at: number): string {
  return words(isoDay(at));
}

export function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export function isoMinute(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}

// Monday is 0.
export function hourOfWeek(at: number): number {
  const date = new Date(at);
  return ((date.getUTCDay() + 6) % 7) * 24 + date.getUTCHours();
}
