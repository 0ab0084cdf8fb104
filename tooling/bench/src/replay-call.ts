import type { Backend } from '@qkv/tensor'
import type { RecordedCall } from './record-calls.ts'

/**
 * Makes a recorded call once more and returns its milliseconds. Its inputs are new buffers with the recorded values: a backend that
 * keeps something about weights finds them changed, as they are in every training step.
 */
export function replayCall(backend: Backend, { call, buffers, places }: RecordedCall): number {
  const handles = buffers.map(({ data, spec }) => backend.upload(data, spec))
  const inputs = call.inputs.map((input, index) => ({ ...input, handle: handles[places[index]!]! }))
  const started = performance.now()
  const outputs = backend.run({ ...call, inputs })
  const milliseconds = performance.now() - started
  for (const handle of new Set([...handles, ...outputs])) backend.release(handle)
  return milliseconds
}
