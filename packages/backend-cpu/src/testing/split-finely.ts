import { afterAll, beforeAll, vi } from 'vitest'
import { ThreadTeam } from '../threads/thread-team.ts'

/** Cuts every kernel into as many pieces as there can be, in the tests around: samples are smaller than what is worth a second thread. */
export function splitFinely(): void {
  const { split } = ThreadTeam.prototype
  beforeAll(() => {
    vi.spyOn(ThreadTeam.prototype, 'split').mockImplementation(function inSmallPieces(
      this: ThreadTeam,
      kernel,
      count,
      _least,
      ...parameters
    ) {
      split.call(this, kernel, count, 1, ...parameters)
    })
  })
  afterAll(() => {
    vi.restoreAllMocks()
  })
}
