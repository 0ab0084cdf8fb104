import { expect, test } from 'vitest'
import { BetweenSteps } from './between-steps.ts'

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

test('work never overlaps a step or other work, and comes in order', async () => {
  const turns = new BetweenSteps()
  const log: string[] = []
  const busy = async (name: string): Promise<string> => {
    log.push(`${name} begins`)
    await pause(5)
    log.push(`${name} ends`)
    return name
  }
  const early = turns.run(() => busy('early'))
  const training = turns.training(async () => {
    for (const step of ['step 1', 'step 2', 'step 3']) {
      await busy(step)
      await turns.takeTurns()
    }
  })
  await pause(12)
  const results = Promise.all([turns.run(() => busy('first')), turns.run(() => busy('second'))])
  await training
  expect(await early).toBe('early')
  expect(await results).toEqual(['first', 'second'])
  const names = log.map((line) => line.replace(/ (begins|ends)$/, ''))
  for (let index = 0; index < names.length; index += 2) expect(names[index]).toBe(names[index + 1])
  expect(names[0]).toBe('early')
  expect(names.indexOf('first')).toBeLessThan(names.indexOf('second'))
})

test('work that fails tells the one who asked, and nobody else', async () => {
  const turns = new BetweenSteps()
  await expect(
    turns.run(async () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  const training = turns.training(async () => {
    await pause(5)
    await turns.takeTurns()
    return 'trained'
  })
  await pause(1)
  await expect(
    turns.run(async () => {
      throw new Error('nor here')
    }),
  ).rejects.toThrow('nor here')
  expect(await training).toBe('trained')
  expect(await turns.run(async () => 'after')).toBe('after')
})
