import type { KernelTable } from '../kernel.ts'
import { adamW } from './adam-w.ts'
import { alongAxis } from './along-axis.ts'
import { attention } from './attention/attention.ts'
import { attentionBackward } from './attention/attention-backward.ts'
import { create } from './create.ts'
import { crossEntropy } from './cross-entropy.ts'
import { dropout } from './dropout.ts'
import { elementwise } from './elementwise.ts'
import { indexing } from './indexing.ts'
import { linear } from './linear.ts'
import { matmul } from './matmul.ts'
import { movement } from './movement.ts'
import { norms } from './norms.ts'
import { reduce } from './reduce.ts'
import { softmax } from './softmax.ts'
import { topK } from './top-k.ts'

/** Every kernel by the name of its op: all primitives, and the composites that are worth fewer launches. */
export const kernels: KernelTable = {
  ...elementwise,
  ...create,
  ...reduce,
  ...alongAxis,
  ...topK,
  ...movement,
  ...indexing,
  ...matmul,
  ...linear,
  ...softmax,
  ...norms,
  ...crossEntropy,
  ...adamW,
  ...dropout,
  'qkv/attention': attention,
  'qkv/attentionBackward': attentionBackward,
}
