import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainerEvent } from '@qkv/trainer'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../cli/cli.test-helper.ts'
import { explainError } from '../errors/explain-error.ts'
import { openEventLog } from './event-log.ts'

function eventNumber(sequence: number): TrainerEvent {
  return { type: 'checkpoint', kind: 'latest', sequence, step: sequence }
}

async function write(path: string, ...sequences: readonly number[]): Promise<void> {
  const log = openEventLog(path)
  try {
    for (const sequence of sequences) await log.append(eventNumber(sequence))
  } finally {
    await log.close()
  }
}

test('a run that goes on drops what a killed one wrote beyond its checkpoint, and half a line', async () => {
  const path = join(await temporaryFolder(), 'log.jsonl')
  await write(path, 0, 1, 2, 3, 4)
  await appendFile(path, '{"type":"st')
  await write(path, 3, 4, 5)
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([0, 1, 2, 3, 4, 5].map(eventNumber))
})

test('a run that begins leaves nothing of an older log', async () => {
  const path = join(await temporaryFolder(), 'log.jsonl')
  await write(path, 0, 1, 2)
  await write(path, 0)
  expect(await readFile(path, 'utf8')).toBe(`${JSON.stringify(eventNumber(0))}\n`)
})

test('a full disk is told of', async () => {
  const failure: unknown = await write('/dev/full', 0).catch((error: unknown) => error)
  expect(explainError(failure)).toMatchObject({ expected: true, exitCode: 1 })
  expect(explainError(failure).sentence).toContain('ENOSPC): the disk is full; free some space')
})
