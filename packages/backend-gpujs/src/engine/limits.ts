import { largestExactInteger } from '../integer-range.ts'
import type { WebGlContext } from './gpu-js.ts'
import { type GpujsMode, usesShaders } from './modes.ts'

export interface Limits {
  /** The most elements of one array: in shaders it has to fit one texture, whose sides are limited. */
  readonly largestLength: number
  /** The most arrays that one kernel may read. */
  readonly mostInputs: number
}

/** gpu.js makes the texture of a result on the sixteenth unit, after the inputs were bound to those from the first on. */
const unitOfResults = 15
/** Storage buffers that every WebGPU adapter has for one kernel, and gpu.js asks for no more: one is for the result. */
const storageBuffers = 8

/** What one array and one kernel may have in a mode. */
export function limitsOf(mode: GpujsMode, context: WebGlContext | undefined): Limits {
  if (!usesShaders(mode) || !context) {
    return {
      largestLength: largestExactInteger,
      mostInputs: mode === 'webgpu' ? storageBuffers - 1 : Infinity,
    }
  }
  const side = context.getParameter(context.MAX_TEXTURE_SIZE) as number
  const units = context.getParameter(context.MAX_TEXTURE_IMAGE_UNITS) as number
  return {
    largestLength: Math.min(largestExactInteger, side * side),
    mostInputs: Math.min(unitOfResults, units),
  }
}
