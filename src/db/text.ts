/** Postgres cannot store a NUL character: what comes from a wire or a file loses it rather than the whole row. */
export function storable(text: string): string {
  return text.replaceAll('\0', '');
}
