import { GPU } from './gpu-js.ts'

/**
 * What gpu.js computes with: fragment shaders in a page, or in Node with the package `gl`; compute shaders that it writes
 * itself; WebAssembly; plain JavaScript.
 */
export type GpujsMode = 'webgl2' | 'headlessgl' | 'webgpu' | 'webasm' | 'cpu'

/** From the fastest; `webgpu` is left out, since shaders that gpu.js writes for it are slower than those of @qkv/backend-webgpu. */
export const preferredModes: readonly GpujsMode[] = ['webgl2', 'headlessgl', 'webasm', 'cpu']

/** Every mode that can be asked for. */
export const modes: readonly GpujsMode[] = ['webgl2', 'headlessgl', 'webgpu', 'webasm', 'cpu']

/** How each mode is called by the kernels that run in it. */
export const modeOfKernels: Readonly<Record<GpujsMode, string>> = {
  webgl2: 'gpu',
  headlessgl: 'gpu',
  webgpu: 'webgpu',
  webasm: 'webasm',
  cpu: 'cpu',
}

/** Whether a mode runs shaders that are written in the language of WebGL. */
export function usesShaders(mode: GpujsMode): boolean {
  return mode === 'webgl2' || mode === 'headlessgl'
}

/** Why a mode cannot run here; `undefined` when it can. */
export async function reasonAgainst(mode: GpujsMode): Promise<string | undefined> {
  switch (mode) {
    case 'webgl2':
      return GPU.isWebGL2Supported && GPU.isSinglePrecisionSupported
        ? undefined
        : 'there is no WebGL 2 with textures of 32-bit floats'
    case 'headlessgl':
      return GPU.isHeadlessGLSupported
        ? undefined
        : 'the package gl is not installed (`npm install gl@9.0.0-rc.10`), or finds no display (`xvfb-run` brings one)'
    case 'webgpu':
      return GPU.isWebGPUSupported && (await GPU.isWebGPUAvailable())
        ? undefined
        : 'there is no WebGPU adapter'
    case 'webasm':
      return GPU.isWebAssemblySupported ? undefined : 'there is no WebAssembly'
    case 'cpu':
      return undefined
  }
}
