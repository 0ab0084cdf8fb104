/** All that the pages can compute with, in order of preference; the first one is open unless another is chosen. */
export const backendNames = ['cpu', 'webgpu', 'reference'] as const
