metadata description = 'The image that an app has, so that changing the infrastructure does not change the version that runs.'

param name string
param exists bool

resource app 'Microsoft.App/containerApps@2026-01-01' existing = if (exists) {
  name: name
}

output images array = exists ? map(app!.properties.template.containers, container => container.image) : []
