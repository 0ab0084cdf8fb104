import { DataError } from '../data-error.ts'

/** Where a run stands in its data; plain JSON, to be stored in a checkpoint. */
export interface DataPosition {
  /** Passes over the data that are complete, counted from 0. */
  readonly epoch: number
  /** Batches of this epoch that are done. */
  readonly batch: number
}

/** The position before the first batch. */
export const dataStart: DataPosition = { epoch: 0, batch: 0 }

/** A batch with the position to resume from once it is done. */
export type Positioned<Batch> = Batch & {
  /** The position of this batch. */
  readonly position: DataPosition
  /** The position of the batch after it: what a checkpoint written after this batch stores. */
  readonly next: DataPosition
}

/** Data cut into batches; every epoch has the same number of them, in an order of its own. */
export interface BatchSource<Batch> {
  readonly batchesPerEpoch: number
  /**
   * Gives batches from a position on, epoch after epoch, without end.
   *
   * The batches depend on nothing but data, settings and position: to resume, pass the stored `next` of the last batch.
   * Throws a DataError for a position that these data do not have.
   */
  batches(position?: DataPosition): Generator<Positioned<Batch>, never, void>
  /** Gives the batches of one epoch, and ends. */
  epoch(epoch: number): Generator<Positioned<Batch>, void, void>
}

/** Makes a batch source from a function that plans an epoch and gives its n-th batch on demand. */
export function createBatchSource<Batch extends object>(
  operation: string,
  batchesPerEpoch: number,
  planEpoch: (epoch: number) => (batch: number) => Batch,
): BatchSource<Batch> {
  function* run(position: DataPosition): Generator<Positioned<Batch>, void, void> {
    const makeBatch = planEpoch(position.epoch)
    for (let batch = position.batch; batch < batchesPerEpoch; batch += 1) {
      const last = batch + 1 === batchesPerEpoch
      const next = last
        ? { epoch: position.epoch + 1, batch: 0 }
        : { epoch: position.epoch, batch: batch + 1 }
      yield { ...makeBatch(batch), position: { epoch: position.epoch, batch }, next }
    }
  }
  function* endless(position: DataPosition): Generator<Positioned<Batch>, never, void> {
    yield* run(position)
    for (let epoch = position.epoch + 1; ; epoch += 1) yield* run({ epoch, batch: 0 })
  }
  return {
    batchesPerEpoch,
    batches(position = dataStart) {
      checkPosition(operation, position, batchesPerEpoch)
      return endless(position)
    },
    epoch(epoch) {
      checkPosition(operation, { epoch, batch: 0 }, batchesPerEpoch)
      return run({ epoch, batch: 0 })
    },
  }
}

function checkPosition(operation: string, position: DataPosition, batchesPerEpoch: number): void {
  const { epoch, batch } = position
  const valid = Number.isSafeInteger(epoch) && epoch >= 0 && Number.isSafeInteger(batch) && batch >= 0
  if (valid && batch < batchesPerEpoch) return
  throw new DataError({
    operation,
    argument: 'position',
    got: `is { epoch: ${String(epoch)}, batch: ${String(batch)} }`,
    expected: `whole numbers of at least 0, with 'batch' below the ${batchesPerEpoch} batches of an epoch`,
    fix: 'resume with the data and settings of the run that stored the position, or start at { epoch: 0, batch: 0 }',
  })
}
