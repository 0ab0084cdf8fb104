import { type FileHandle, open, readFile } from 'node:fs/promises'
import { writeFileAtomically } from '@qkv/checkpoints/files'
import { jsonLine, type TrainerEvent } from '@qkv/trainer'

/** A file with one line of JSON per event. */
export interface EventLog {
  append(event: TrainerEvent): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the log of a run, or makes it. Before the first event is written, everything goes that a killed run had written
 * after the checkpoint that the run goes on from: each event is in the log once.
 *
 * @example
 * const log = openEventLog('runs/translation/log.jsonl')
 * trainer.onEvent((event) => log.append(event))
 */
export function openEventLog(path: string): EventLog {
  let file: FileHandle | undefined
  return {
    async append(event) {
      if (file === undefined) {
        if (event.sequence > 0) await dropFrom(path, event.sequence)
        file = await open(path, event.sequence > 0 ? 'a' : 'w')
      }
      await file.appendFile(`${jsonLine(event)}\n`)
    },
    async close() {
      await file?.close()
    },
  }
}

async function dropFrom(path: string, sequence: number): Promise<void> {
  const lines = (await readIfThere(path)).split('\n').filter((line) => line !== '')
  const kept = lines.filter((line) => {
    const number = sequenceOf(line)
    return number !== undefined && number < sequence
  })
  if (kept.length === lines.length) return
  await writeFileAtomically(path, new TextEncoder().encode(kept.map((line) => `${line}\n`).join('')))
}

/** The number of an event; none for a line that a killed run left unfinished. */
function sequenceOf(line: string): number | undefined {
  try {
    const event: unknown = JSON.parse(line)
    const hasNumber = typeof event === 'object' && event !== null && 'sequence' in event
    return hasNumber && typeof event.sequence === 'number' ? event.sequence : undefined
  } catch {
    return undefined
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}
