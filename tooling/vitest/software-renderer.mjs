/** Flags that give Chromium WebGL 2 and WebGPU without a graphics card, the same on every machine. */
export const softwareRenderer = [
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
]
