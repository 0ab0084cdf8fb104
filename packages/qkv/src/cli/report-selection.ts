import type { Device } from '@qkv/tensor'
import { type Io, writeLine } from './io.ts'

/** Says on standard error which backend was taken where another one was preferred, and why that one was not. */
export function reportSelection({ name, selection }: Device, io: Io): void {
  if (!selection || selection.rejected.length === 0) return
  for (const line of selectionLines(name, selection.rejected)) writeLine(io.stderr, line)
}

/** The backend that was taken, and why those before it were not. */
export function selectionLines(
  chosen: string,
  rejected: readonly { readonly name: string; readonly reason: string }[],
): readonly string[] {
  return [`backend: ${chosen}`, ...rejected.map(({ name, reason }) => `  not ${name}: ${reason}`)]
}
