/** Runs something with a set of the WebGL textures that live meanwhile. */
export async function withTextures(
  run: (textures: ReadonlySet<WebGLTexture>) => Promise<void>,
): Promise<void> {
  const { prototype } = WebGL2RenderingContext
  const { createTexture, deleteTexture } = prototype
  const textures = new Set<WebGLTexture>()
  prototype.createTexture = function () {
    const texture = createTexture.call(this)
    textures.add(texture)
    return texture
  }
  prototype.deleteTexture = function (texture) {
    if (texture) textures.delete(texture)
    deleteTexture.call(this, texture)
  }
  try {
    await run(textures)
  } finally {
    Object.assign(prototype, { createTexture, deleteTexture })
  }
}
