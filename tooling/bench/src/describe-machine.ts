import { cpus } from 'node:os'

/** What figures of one thread were measured on, for the pages that show them. */
export function describeOneThread(): string {
  return `Node ${process.versions.node}, ${cpus()[0]?.model.trim()}, one thread`
}
