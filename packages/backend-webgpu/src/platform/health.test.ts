import { expect, test } from 'vitest'
import { Health } from './health.ts'

/** A device that is lost when it is told so, and does not answer. */
function fragileDevice(): { readonly health: Health; readonly lose: (message: string) => void } {
  let lose: (message: string) => void = () => {}
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => {
    lose = (message) => resolve({ reason: 'unknown', message } as GPUDeviceLostInfo)
  })
  const device = { lost, addEventListener() {}, destroy: () => lose('destroyed') }
  const gpu = { requestAdapter: async () => null }
  return { health: new Health({ device: device as unknown as GPUDevice, gpu }), lose }
}

const never = new Promise<never>(() => {})
const anyTurn = new Promise<void>((resolve) => {
  setTimeout(resolve)
})

test('who was answered, or refused, waits no longer', async () => {
  const { health } = fragileDevice()
  let answer: (value: number) => void = () => {}
  const first = health.orLoss(
    new Promise<number>((resolve) => {
      answer = resolve
    }),
  )
  const second = health.orLoss(Promise.reject(new Error('aborted')))
  expect(health.waiting).toBe(2)
  await expect(second).rejects.toThrow('aborted')
  expect(health.waiting).toBe(1)
  answer(3)
  await expect(first).resolves.toBe(3)
  expect(health.waiting).toBe(0)
})

test('a loss refuses all who wait, and who comes later', async () => {
  const { health, lose } = fragileDevice()
  const waits = [health.orLoss(never), health.orLoss(never), health.lossWithin(60_000)]
  expect(health.waiting).toBe(3)
  lose('driver')
  for (const wait of waits) await expect(wait).rejects.toThrow("'device' was lost (unknown: driver)")
  expect(health.waiting).toBe(0)
  await expect(health.orLoss(never)).rejects.toThrow('was lost')
  expect(health.waiting).toBe(0)
})

test('closing refuses all who wait', async () => {
  const { health } = fragileDevice()
  const wait = health.orLoss(never)
  health.close()
  await expect(wait).rejects.toThrow("'device' was disposed")
})

test('a loss of which nobody waits is no unhandled rejection', async () => {
  const { health, lose } = fragileDevice()
  await health.orLoss(Promise.resolve())
  lose('driver')
  // An unhandled rejection would fail the run.
  await anyTurn
  expect(() => health.check()).toThrow('was lost')
})
